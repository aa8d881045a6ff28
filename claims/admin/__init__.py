"""The desk: the Django admin that drives review. A door, not a back door: every change is one operation.

The pages are registered by `claims.admin.site`, when all apps are ready: template tags import from this package,
and Unfold loads template tags before it can be imported itself.
"""
