"""The connections between documents and origins on the workbench: each with its reason, and what people made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.admin.choices import offer
from claims.admin.forms import DeskForm
from claims.admin.phrasing import connection_words
from claims.models import Assessment, Claim, Document, OriginEdge, User
from claims.operations import overriding

BETWEEN = ">"  # in the key of a connection: document>target


@dataclass(frozen=True, slots=True)
class Connection:
    """One machine-made edge of a document, which a person can cut."""

    key: str
    reason: str
    to: str
    counts_alone: bool  # shares text with the other one, but not enough to be one origin


@dataclass(slots=True)
class Connections:
    """Everything the page shows of a claim's connections."""

    of: dict[int, list[Connection]] = field(default_factory=dict)  # by document
    people: list[OriginEdge] = field(default_factory=list)
    documents: dict[int, Document] = field(default_factory=dict)

    def is_outdated(self, edge: OriginEdge) -> bool:
        """Whether a document it speaks of is not among those that bear on the claim now."""
        ends = {edge.document_id, edge.other_id} - {None}
        return not ends <= set(self.documents)

    @property
    def decided(self) -> list[tuple[OriginEdge, bool]]:
        return [(edge, self.is_outdated(edge)) for edge in self.people]


def of_claim(claim: Claim, assessment: Assessment | None, documents: dict[int, Document]) -> Connections:
    """The connections in the present assessment, and those people made of them."""
    people = list(
        OriginEdge.objects.in_force()
        .filter(claim=claim)
        .select_related("document", "other", "made_by")
        .defer("document__text", "document__facts", "document__links", "other__text", "other__facts", "other__links")
    )
    traced = assessment.origins if assessment else {}
    bearing = {int(one) for origin in traced.get("origins", []) for one in origin["documents"]}
    found = Connections(people=people, documents={pk: one for pk, one in documents.items() if pk in bearing})
    decided = {frozenset((str(edge.document_id), edge.target)) for edge in people}
    for edge in traced.get("edges", []):
        source, target = edge["source"], edge["target"]
        if edge["kind"] == "human" or frozenset((source, target)) in decided:
            continue
        other = documents.get(int(target)) if target.isdigit() else None
        to = (other.publisher_name or other.domain or other.title) if other else edge.get("name", "")
        alone = edge["kind"] == "partly_derived"
        one = Connection(f"{source}{BETWEEN}{target}", connection_words(edge["reason"]), to, alone)
        found.of.setdefault(int(source), []).append(one)
    return found


class _OriginForm(DeskForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": kwargs["claim"].version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def _documents(self) -> Any:
        return Document.objects.visible_to(self.user).filter(
            hits__lookup__claim=self.claim, hits__lookup__cycle=self.claim.cycle
        ).distinct()  # fmt: skip


class CutForm(_OriginForm):
    edge = forms.CharField(widget=forms.HiddenInput, max_length=400)
    reason = forms.CharField(label=_("Why this is no connection"), widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        """Read the connection from its key: a document, and another one or the id of an origin."""
        given: dict[str, Any] = super().clean() or {}
        source, _between, target = given.get("edge", "").partition(BETWEEN)
        known = {str(one.pk): one for one in self._documents().defer("facts", "links")}
        if source not in known or not target:
            self.add_error(None, _("This is not to be found any more. Reload the page."))
            return given
        return {**given, "document": known[source], "target": known.get(target, target)}


class JoinForm(_OriginForm):
    edge = forms.CharField(widget=forms.HiddenInput, required=False, initial="new")
    document = forms.ModelChoiceField(Document.objects.none(), label=_("This document"))
    target = forms.ModelChoiceField(
        Document.objects.none(), label=_("goes back to the same origin as"), required=False, empty_label="–"
    )
    name = forms.CharField(label=_("or to the origin named"), max_length=overriding.LONGEST_NAME, required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("document", "target"):
            offer(self, name, self._documents())
            self.fields[name].label_from_instance = _titled  # type: ignore[attr-defined]


class RestoreForm(_OriginForm):
    edge = forms.ModelChoiceField(OriginEdge.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "edge", OriginEdge.objects.visible_to(self.user).filter(claim=self.claim))


def _titled(document: Document) -> str:
    who = document.publisher_name or document.domain
    return f"{who}: {document.title}" if who and document.title else who or document.title or str(document.pk)


def cut(claim: Claim, by: User, given: dict[str, Any]) -> OriginEdge:
    chosen = {name: given[name] for name in ("document", "target", "reason", "version")}
    return overriding.cut_edge(claim, by=by, **chosen)


def join(claim: Claim, by: User, given: dict[str, Any]) -> OriginEdge:
    chosen = {name: given[name] for name in ("document", "target", "name", "reason", "version")}
    return overriding.add_edge(claim, by=by, **chosen)


def restore(claim: Claim, by: User, given: dict[str, Any]) -> OriginEdge:
    return overriding.restore_edge(given["edge"], by=by, version=given["version"])
