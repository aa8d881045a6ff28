"""Arranging: views of the queue, kept under a name. A person's furniture: no claim is touched, the ledger is silent."""

from __future__ import annotations

from django.db import transaction

from claims import transitions
from claims.errors import InvalidInput, NotPermitted
from claims.models import Newsroom, SavedView, User
from claims.workflow import Permission

MOST = 40  # views of one person


@transaction.atomic
def keep(
    newsroom: Newsroom,
    *,
    by: User,
    name: str,
    address: str,
    shared: bool = False,
    preferred: bool = False,
    view: SavedView | None = None,
) -> SavedView:
    """Keep a view, or change one's own. `preferred`: one's queue opens with it, instead of with the one before."""
    transitions.require(by, Permission.READ, newsroom)
    own = SavedView.objects.select_for_update().filter(owner=by)
    if view is not None and view.owner_id != by.pk:
        raise NotPermitted("Only the person who saved a view changes it.")
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise InvalidInput("Give the view a name of at most 60 characters.", field="name", code="name")
    if len(address) > 2000:
        raise InvalidInput("At most 2000 characters.", field="address", code="too_long")
    others = own.exclude(pk=view.pk) if view is not None else own
    if others.filter(name__iexact=name).exists():
        raise InvalidInput("You have a view of this name already.", field="name", code="taken")
    if others.count() >= MOST:
        raise InvalidInput("Delete a view first: you have as many as can be shown.", field="name", code="too_many")
    if preferred:
        others.filter(preferred=True).update(preferred=False)
    view = view or SavedView(owner=by)
    view.newsroom, view.name, view.address = newsroom, name, address
    view.shared, view.preferred = shared, preferred
    view.save()
    return view


@transaction.atomic
def remove(view: SavedView, *, by: User) -> None:
    """Delete one's own view, or as the newsroom's admin a shared one."""
    if view.owner_id != by.pk and not (view.shared and by.may(Permission.ADMINISTER, view.newsroom_id)):
        raise NotPermitted("Only the person who saved a view changes it.")
    view.delete()
