"""The keyboard shortcuts of each page, as its help shows them; claims/static/claims/desk.js obeys them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVERYWHERE = [
    ("?", _("this help")),
    ("g q", _("go to the queue")),
    ("g o", _("go to the overview")),
    ("Esc", _("close, leave a field")),
]
QUEUE = [
    ("j", _("next claim")),
    ("k", _("claim before")),
    ("Enter", _("open the claim")),
    ("x", _("choose the claim")),
    ("n", _("take the next one")),
    ("/", _("search")),
    ("f", _("filter")),
    *EVERYWHERE,
]
WORKBENCH = [
    ("j", _("next claim of the article")),
    ("k", _("claim before in the article")),
    ("t", _("take the claim")),
    ("d", _("set topic and deadline")),
    ("c", _("ask the sources about it")),
    ("r", _("write the review")),
    ("1 … 9", _("choose the rating in the open form")),
    ("p", _("propose the verdict")),
    ("a", _("go to the approval")),
    ("b", _("send back")),
    ("v", _("go to publishing")),
    ("m", _("correct in public")),
    ("n", _("go on to the next claim, when one's part is done")),
    ("e", _("judge the next passage")),
    ("u", _("add a page by its address")),
    ("h", _("history")),
    ("Ctrl Enter", _("send the form one is in")),
    *EVERYWHERE,
]
