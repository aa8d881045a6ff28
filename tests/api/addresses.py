"""Every address of the API, and an id for every kind of thing one can name. Made from the URL conf.

What is new is added to `ids_in`: the walls, the signing in and the schema are then tested with it.
"""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, reverse

from claims import pool
from claims.api.urls import urlpatterns
from claims.models import Claim, Escalation, Newsroom
from claims.operations import (
    arranging,
    chatting,
    complaining,
    conflicts,
    cosigning,
    following,
    gathering,
    keying,
    overriding,
    recognising,
    replying,
    reviewing,
    talking,
    telling,
)
from tests import make

OPEN = {"schema", "docs", "nowhere"}


def addresses() -> list[URLPattern]:
    return [one for one in urlpatterns if one.name not in OPEN]


def claim_with_everything(room: Newsroom | None = None) -> Claim:
    """A published claim that has one of everything an address can name."""
    claim = make.claim_in_review(room)
    document = claim.evidence.first().document  # type: ignore[union-attr]
    overriding.add_edge(
        claim, document=document, name="The mayor", reason="Says so.", by=make.researcher(claim.newsroom)
    )
    replying.waive(claim, by=make.researcher(claim.newsroom), reason="A public statistic.")
    reviewing.recuse(claim, by=make.member(claim.newsroom, "desk_lead"), reason="My sister works there.")
    make.walk_to_publication(claim, from_review=True)
    return Claim.objects.get(pk=claim.pk)


def ids_in(claim: Claim) -> dict[str, Any]:
    """An id for every kind of thing an address can name, all of one newsroom and, where that can be, of this claim."""
    return {
        "claim_id": claim.pk,
        "article_id": make.article(claim.newsroom).pk,
        "lookup_id": claim.lookups.first().pk,  # type: ignore[union-attr]
        "evidence_id": claim.evidence.first().pk,  # type: ignore[union-attr]
        "edge_id": claim.origin_edges.first().pk,  # type: ignore[union-attr]
        "document_id": gathering.keep(make.draft(private=True, url="file:///own/archive/1"), claim).pk,
        "webhook_id": telling.register(claim.newsroom, url="https://cms.example/", by=None)[0].pk,
        "complaint_id": _complaint(claim),
        "key_id": _key(claim),
        "recheck_id": _recheck(claim),
        "reply_id": claim.replies.get().pk,
        "recusal_id": claim.recusals.get().pk,
        "chat_id": _chat(claim),
        "escalation_id": Escalation.objects.create(newsroom=claim.newsroom, role="editor", after_hours=1).pk,
        "interest_id": _interest(claim),
        "newsroom_slug": claim.newsroom.slug,
        "check_id": claim.publications.get().pk,
        "publication_id": claim.publications.get().pk,
        "shared_claim_id": claim.pk,
        "cosignature_id": _cosignature(claim),
        "source_id": _followed(claim),
        "occurrence_id": _asked_again(claim),
        **_talk(claim),
        "view_id": _view(claim),
    }


def _view(claim: Claim) -> int:
    person = make.researcher(claim.newsroom)
    return arranging.keep(claim.newsroom, by=person, name="Ours", address="", shared=True).pk


def _talk(claim: Claim) -> dict[str, int]:
    """A comment that mentions somebody, a task, and the notice of it."""
    author, told = make.researcher(claim.newsroom), make.member(claim.newsroom, "researcher")
    task = talking.give(claim, by=author, text=claim.text, to=told)
    comment = talking.comment(claim, by=author, text=f"@{told.username}: {claim.text}")
    return {"comment_id": comment.pk, "task_id": task.pk, "notice_id": told.notices.filter(kind="mention").get().pk}


def _chat(claim: Claim) -> int:
    given = {"label": "Desk", "style": "slack", "kinds": ["overdue"], "language": "en"}
    admin = make.person(claim.newsroom, "admin")
    return chatting.register(claim.newsroom, by=admin, url="https://chat.example/hook", **given).pk


def _interest(claim: Claim) -> int:
    person = make.researcher(claim.newsroom)
    return conflicts.declare(claim.newsroom, user=person, words="trees", by=person).pk


def _followed(claim: Claim) -> int:
    room = claim.newsroom
    return following.follow(room, by=make.researcher(room), url="https://bote.example/feed", topic="trees").pk


def _asked_again(claim: Claim) -> int:
    occurrence = recognising.note_request(claim, by=make.member(claim.newsroom, "researcher"))
    assert occurrence is not None
    return occurrence.pk


def _cosignature(claim: Claim) -> int:
    """This newsroom's name under the check of another, which has stopped sharing since."""
    other = make.newsroom(shares_published=True)
    check = make.publication(other)
    room = claim.newsroom
    made = cosigning.cosign(
        check, newsroom=room, by=make.editor(room), rating=make.rating(room), content=pool.content_hash(check)
    )
    Newsroom.objects.filter(pk=other.pk).update(shares_published=False)
    return made.pk


def _recheck(claim: Claim) -> int:
    watch = claim.publications.get().watches.first() or claim.publications.get().watches.create(
        evidence=claim.evidence.first(), newsroom=claim.newsroom
    )
    return watch.rechecks.create(outcome="material", confirmed=True, details=[claim.text]).pk


def _complaint(claim: Claim) -> int:
    publication = claim.publications.get()
    return complaining.receive(publication, by=None, text=claim.text, door="page").pk


def _key(claim: Claim) -> str:
    room = claim.newsroom
    return str(keying.issue(room, user=make.editor(room), by=None, label="CMS", scopes=["read"])[0].token_key)


def path_of(pattern: URLPattern, ids: dict[str, Any]) -> str:
    wanted = pattern.pattern.converters  # type: ignore[attr-defined]
    return reverse(f"api:{pattern.name}", kwargs={name: ids[name] for name in wanted})
