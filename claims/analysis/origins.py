"""Where information really comes from: documents of one check gathered by origin.

Three steps. Texts that are one text (copies, the same address, what a person joined) become a cluster. Each
cluster hangs on whoever its passages name as the source, else on the agency that signed it, else on the
document it links to, else on itself; a source that is itself a document of the check is followed further, and
a circle is reported as one. Only origins that have a name and end somewhere count.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from claims.analysis import copying, credits, entities, naming, terms
from claims.analysis.naming import Named
from claims.analysis.types import Edge, Origin, Origins, SourceText, Speaker

End = tuple[str, str, str]  # id, name, kind


def trace(
    documents: Sequence[SourceText],
    *,
    attributions: Mapping[str, Sequence[Speaker]] | None = None,
    edges: Sequence[Edge] = (),
) -> Origins:
    """The documents by origin, with every reason as an edge.

    `attributions` names, by document id, the speakers of the passages that carry the fact in question, in the
    order of the text. `edges` come from people (kind "human"): `merges=True` joins two documents or hangs one on a
    named origin, `merges=False` keeps two apart, or one off an origin, whatever the rules say. An edge whose documents
    are not here is left out.
    """
    tracing = _Tracing(documents, attributions or {}, edges)
    return tracing.result()


class _Tracing:
    def __init__(
        self,
        documents: Sequence[SourceText],
        attributions: Mapping[str, Sequence[Speaker]],
        human: Sequence[Edge],
    ) -> None:
        self.documents = {document.id: document for document in documents}
        self.attributions = attributions
        self.human = [edge for edge in human if edge.kind == "human" and self._is_here(edge)]
        self.edges: list[Edge] = list(self.human)
        self.cut = {frozenset((edge.source, edge.target)) for edge in self.human if not edge.merges}
        self.placed = {edge.source: edge for edge in self.human if edge.merges and edge.target not in self.documents}
        self.parents = {name: name for name in self.documents}
        signed = {name: credits.credit(document, documents) for name, document in self.documents.items()}
        self.credits = {
            name: None if found and self._is_cut(name, found[0]) else found for name, found in signed.items()
        }

    def _is_here(self, edge: Edge) -> bool:
        """Whether the edge speaks of documents of this check; the ids of origins have a colon."""
        return edge.source in self.documents and (edge.target in self.documents or ":" in edge.target)

    def _is_cut(self, name: str, target: str) -> bool:
        return frozenset((name, target)) in self.cut

    # Clusters: documents that are one text.

    def _root(self, name: str) -> str:
        while self.parents[name] != name:
            self.parents[name] = self.parents[self.parents[name]]
            name = self.parents[name]
        return name

    def _members(self, root: str) -> list[str]:
        return [name for name in self.documents if self._root(name) == root]

    def _join(self, edge: Edge) -> None:
        one, other = self._root(edge.source), self._root(edge.target)
        if edge.kind != "human" and self._kept_apart(one, other):
            edge = replace(edge, merges=False, reason=f"{edge.reason}; kept apart by a person")
        if edge not in self.edges:
            self.edges.append(edge)
        if edge.merges and one != other:
            self.parents[max(one, other)] = min(one, other)

    def _kept_apart(self, one: str, other: str) -> bool:
        return any(frozenset((a, b)) in self.cut for a in self._members(one) for b in self._members(other))

    def _cluster(self) -> None:
        for edge in self.human:
            if edge.merges and edge.target in self.documents:
                self._join(edge)
        by_address: dict[str, str] = {}
        for name, document in self.documents.items():
            for address in {_address(document.url), _address(document.canonical_url)} - {""}:
                first = by_address.setdefault(address, name)
                if first != name:
                    self._join(Edge(name, first, "same_url", f"the same address: {address}"))
        sites = {name: document.domain for name, document in self.documents.items()}
        overlaps = copying.overlaps({name: document.text for name, document in self.documents.items()}, sites)
        for (one, other), found in sorted(overlaps.items(), key=lambda pair: (-pair[1].containment, pair[0])):
            if not (found.copied or found.derived):
                continue
            later, earlier = self._by_time(one, other)
            percent = round(100 * found.containment)
            if found.copied:
                reason = f"{percent} % of the shorter text stands in the other, {found.run} words in one run"
                self._join(Edge(later, earlier, "copy", reason, found.containment))
            else:
                reason = f"{percent} % of the shorter text stands in the other"
                self.edges.append(Edge(later, earlier, "partly_derived", reason, found.containment, merges=False))

    def _by_time(self, one: str, other: str) -> tuple[str, str]:
        """(later, earlier) by when each was first seen; an agency's own text goes before its copies."""

        def order(name: str) -> tuple[bool, dt.datetime, str]:
            seen = _seen(self.documents[name])
            return (seen is None, seen or dt.datetime.max.replace(tzinfo=dt.UTC), name)

        earlier, later = sorted((one, other), key=order)
        return later, earlier

    # What each cluster hangs on.

    def _publishers(self) -> dict[str, list[str]]:
        """Documents by every id their publisher is known under."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, document in self.documents.items():
            for id_ in credits.publisher_ids(document):
                found[id_].append(name)
        return found

    def _hang(self) -> tuple[dict[str, End], dict[str, str]]:
        """By cluster: the origin, and where it points to another cluster, that one."""
        publishers = self._publishers()
        sources = naming.Sources(self.documents, self.attributions)
        ends: dict[str, End] = {}
        points: dict[str, str] = {}
        for root in sorted({self._root(name) for name in self.documents}):
            members = self._members(root)
            placed = next((self.placed[name] for name in members if name in self.placed), None)
            if placed is not None:
                ends[root] = (placed.target, placed.name or placed.target, _kind_of(placed.target))
                continue
            said = [one for name in members for one in sources.of.get(name, ()) if not self._is_cut(name, one.id)]
            named = [one for one in said if one.id and one.speaker.attribution != "publisher"]
            target: str | None = None
            if named:
                ends[root], target = self._named(root, members, named, sources, publishers)
            elif credit := next((found for name in members if (found := self.credits[name])), None):
                ends[root] = (credit[0], credit[1], "agency")
                target = self._document_of(credit[0], publishers, root)
            elif said:
                ends[root] = (f"unnamed:{root}", said[0].name, "unnamed")
            else:
                ends[root] = self._itself(members)
                target = self._linked(members, root)
            if target is not None:
                points[root] = target
        return _countries_to_bodies(ends), points

    def _named(
        self,
        root: str,
        members: Sequence[str],
        named: Sequence[Named],
        sources: naming.Sources,
        publishers: Mapping[str, Sequence[str]],
    ) -> tuple[End, str | None]:
        """The source named most, and the cluster of what it published itself."""
        order = [one.id for one in named]
        counts = Counter(order)
        chosen = max(counts, key=lambda id_: (counts[id_], -order.index(id_)))
        for name in members:
            one = next((one for one in sources.of.get(name, ()) if one.id == chosen), None)
            if one is not None and not self._is_cut(name, chosen):
                reason = f"names {one.speaker.text} as the source"
                self.edges.append(Edge(name, chosen, "attribution", reason, name=one.name))
        own = {id_ for name in members for id_ in credits.publisher_ids(self.documents[name])}
        target = None if chosen in own else self._document_of(chosen, publishers, root)
        shown = min((one.name for one in named if one.id == chosen), key=len)
        return (chosen, shown, _kind_of(chosen)), target

    def _document_of(self, id_: str, publishers: Mapping[str, Sequence[str]], root: str) -> str | None:
        """The cluster of the earliest document that the named source itself published."""
        found = [name for name in publishers.get(id_, ()) if self._root(name) != root]
        if not found:
            return None
        return self._root(min(found, key=lambda name: (str(_seen(self.documents[name])), name)))

    def _linked(self, members: Sequence[str], root: str) -> str | None:
        by_address = {
            address: name
            for name, document in self.documents.items()
            for address in (_address(document.url), _address(document.canonical_url))
            if address
        }
        for name in members:
            for link in self.documents[name].links:
                target = by_address.get(_address(link))
                if target is not None and self._root(target) != root and not self._is_cut(name, target):
                    self.edges.append(Edge(name, target, "link", f"links to {link}"))
                    return self._root(target)
        return None

    def _itself(self, members: Sequence[str]) -> End:
        first = min(members, key=lambda name: (str(_seen(self.documents[name])), name))
        document = self.documents[first]
        found = entities.find(document.publisher, document.language or "en") if document.publisher else []
        body = next((entity for entity in found if entity.id.startswith("org:")), None)
        if body is not None:
            return body.id, document.publisher, "primary"
        owner = document.owner or document.domain or document.publisher
        if owner:
            return f"outlet:{terms.fold(owner)}", document.publisher or owner, "outlet"
        return f"document:{first}", document.title or first, "unknown"

    def result(self) -> Origins:
        self._cluster()
        for name, credit in self.credits.items():
            if credit:
                reason = f"signed by {credit[1]}"
                self.edges.append(Edge(name, credit[0], "credit", reason, merges=False, name=credit[1]))
        ends, points = self._hang()
        gathered: dict[str, tuple[str, str, list[str]]] = {}
        for root, end in ends.items():
            final, circle = _follow(root, points)
            id_, name, kind = ends[final] if not circle else (f"circular:{min(circle)}", "", "circular")
            if circle:
                name = " and ".join(sorted(self.documents[one].publisher or one for one in circle))
            elif final != root and kind == "unnamed":
                id_, name, kind = end
            held = gathered.setdefault(id_, (name, kind, []))
            held[2].extend(self._members(root))
        order = {name: at for at, name in enumerate(self.documents)}
        found = [
            Origin(
                id_,
                name,
                kind,
                tuple(sorted(members, key=order.__getitem__)),
                kind not in ("unnamed", "circular"),
                min((seen for one in members if (seen := _seen(self.documents[one]))), default=None),
            )
            for id_, (name, kind, members) in gathered.items()
        ]
        late = dt.datetime.max.replace(tzinfo=dt.UTC)
        found.sort(key=lambda origin: (-len(origin.documents), origin.first_seen or late, origin.id))
        return Origins(len(self.documents), tuple(found), tuple(dict.fromkeys(self.edges)))


def _kind_of(id_: str) -> str:
    return {"agency": "agency", "outlet": "outlet"}.get(id_.partition(":")[0], "primary")


def _countries_to_bodies(ends: Mapping[str, End]) -> dict[str, End]:
    """ "The military in Seoul" where only one body of that country is named: that one. Where several are, it adds
    nothing to them, because it may be either."""
    found = dict(ends)
    for root, (id_, name, _) in ends.items():
        if not id_.startswith("iso:"):
            continue
        bodies = {end[0]: end for end in ends.values() if end[0] != id_ and naming.country_of(end[0]) == id_[4:]}
        if len(bodies) == 1:
            found[root] = next(iter(bodies.values()))
        elif bodies:
            found[root] = (id_, name, "unnamed")
    return found


def _follow(root: str, points: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """The end of the chain that begins at `root`, and the circle it runs into, if any."""
    seen = [root]
    while seen[-1] in points:
        following = points[seen[-1]]
        if following in seen:
            return following, frozenset(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1], frozenset()


def _address(url: str) -> str:
    """One spelling for an address: no scheme, no www., no query, no AMP marks, no closing slash."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.netloc.casefold().removeprefix("www.").removeprefix("amp.").removeprefix("m.")
    path = re.sub(r"/amp/?$|\.amp$|^/amp/", "/", parts.path).rstrip("/")
    return f"{host}{path}" if path else f"{host}{path}?{parts.query}" if parts.query else host


def _seen(document: SourceText) -> dt.datetime | None:
    moment = document.published or document.fetched
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment
