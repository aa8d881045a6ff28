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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from claims.analysis import copying, entities, tables, terms
from claims.analysis.types import Edge, Origin, Origins, SourceText, Speaker

_HEAD, _TAIL = 220, 260
_DATELINE = re.compile(r"^[^\n()]{0,60}\(([^()\n]{2,30})\)\s*[-–—:.]")
_SIGNED = re.compile(r"\(([^()\n]{2,30})\)")
_SOURCE_LINE = re.compile(r"(?:Quelle|Source|Mit Material von|©|\(c\)|Credit)\s*:?\s*([^\n]{2,60})", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]?[A-Z]{0,4}")


@dataclass(frozen=True, slots=True)
class _Agency:
    id: str
    name: str
    credits: tuple[str, ...]
    mentions: tuple[str, ...]


@cache
def _agencies() -> tuple[_Agency, ...]:
    return tuple(
        _Agency(
            f"agency:{row['id']}",
            row["name"],
            tuple(row["credits"].split("|")),
            tuple(part for part in row["mentions"].split("|") if part),
        )
        for row in tables.rows("agencies")
    )


@cache
def _countries() -> Mapping[str, str]:
    """Institutions by id with the country they belong to, where they have one."""
    return {row["id"]: row["context"] for row in tables.rows("institutions") if row.get("context")}


def trace(
    documents: Sequence[SourceText],
    *,
    attributions: Mapping[str, Sequence[Speaker]] | None = None,
    edges: Sequence[Edge] = (),
) -> Origins:
    """The documents by origin, with every reason as an edge.

    `attributions` names, by document id, the speakers of the passages that carry the fact in question, in the
    order of the text. `edges` come from people (kind "human"): `merges=True` joins two documents, `merges=False` keeps
    two apart whatever the rules say.
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
        self.human = [edge for edge in human if edge.kind == "human" and {edge.source, edge.target} <= self._ids()]
        self.edges: list[Edge] = list(self.human)
        self.cut = {frozenset((edge.source, edge.target)) for edge in self.human if not edge.merges}
        self.parents = {name: name for name in self.documents}
        self.credits = {name: self._credit(document) for name, document in self.documents.items()}

    def _ids(self) -> set[str]:
        return set(self.documents)

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
            if edge.merges:
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

    def _credit(self, document: SourceText) -> tuple[str, str] | None:
        """The agency that signed a document, as (id, name): a known one, or an unknown signature in a dateline."""
        lines = [document.credit, document.text[:_HEAD], document.text[-_TAIL:]]
        for agency in _agencies():
            if any(_signed_by(agency, line, whole=at == 0) for at, line in enumerate(lines)):
                return agency.id, agency.name
        dateline = _DATELINE.match(document.text) or _SIGNED.search(document.credit)
        if dateline and _ACRONYM.fullmatch(dateline.group(1)):
            mark = dateline.group(1)
            for other in self.documents.values():
                if (
                    re.search(rf"\({re.escape(mark)}\)", other.credit)
                    and other.publisher
                    and (terms.fold(other.publisher) in terms.fold(other.credit))
                ):
                    return f"agency:{terms.fold(other.publisher)}", other.publisher
            return f"agency:{terms.fold(mark)}", mark
        return None

    def _publishers(self) -> dict[str, list[str]]:
        """Documents by every id their publisher is known under."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, document in self.documents.items():
            for id_ in _publisher_ids(document):
                found[id_].append(name)
        return found

    def _hang(self) -> tuple[dict[str, tuple[str, str, str]], dict[str, str]]:
        """By cluster: the origin as (id, name, kind), or the cluster it points to."""
        publishers = self._publishers()
        names = _Names(speaker for found in self.attributions.values() for speaker in found)
        speaking = {name: [self._body(speaker, name) for speaker in found] for name, found in self.attributions.items()}
        ends: dict[str, tuple[str, str, str]] = {}
        points: dict[str, str] = {}
        for root in sorted({self._root(name) for name in self.documents}):
            members = self._members(root)
            speakers = [speaker for name in members for speaker in speaking.get(name, ())]
            named = [speaker for speaker in speakers if speaker.named and speaker.attribution != "publisher"]
            own = {id_ for name in members for id_ in _publisher_ids(self.documents[name])}
            if named:
                counts = Counter(names.canonical(speaker) for speaker in named)
                order = [names.canonical(speaker) for speaker in named]
                chosen = max(counts, key=lambda id_: (counts[id_], -order.index(id_)))
                speaker = next(speaker for speaker in named if names.canonical(speaker) == chosen)
                for name in members:
                    if any(names.canonical(s) == chosen for s in speaking.get(name, ())):
                        self.edges.append(Edge(name, chosen, "attribution", f"names {speaker.text} as the source"))
                target = self._document_of(chosen, publishers, root)
                if target is not None and chosen not in own:
                    points[root] = target
                ends[root] = (chosen, speaker.text, _kind_of(chosen))
                continue
            credit = next((found for name in members if (found := self.credits[name])), None)
            if credit:
                ends[root] = (credit[0], credit[1], "agency")
                continue
            if speakers:
                ends[root] = (f"unnamed:{root}", speakers[0].text, "unnamed")
                continue
            linked = self._linked(members, root)
            if linked:
                points[root] = linked
            ends[root] = self._itself(members)
        return ends, points

    def _body(self, speaker: Speaker, name: str) -> Speaker:
        """ "Seoul's generals", said of a country: the one body of that country the document names, if it names one."""
        if not speaker.id.startswith("iso:") or name not in self.documents:
            return speaker
        document = self.documents[name]
        bodies = {
            entity.id
            for entity in entities.find(document.text, document.language or "en")
            if _countries().get(entity.id) == speaker.id[4:]
        }
        return replace(speaker, id=bodies.pop()) if len(bodies) == 1 else speaker

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
                if target is not None and self._root(target) != root:
                    self.edges.append(Edge(name, target, "link", f"links to {link}"))
                    return self._root(target)
        return None

    def _itself(self, members: Sequence[str]) -> tuple[str, str, str]:
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
                self.edges.append(Edge(name, credit[0], "credit", f"signed by {credit[1]}", merges=False))
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


class _Names:
    """Speakers that are one under several spellings: the first seen gives the id."""

    def __init__(self, speakers: Iterable[Speaker]) -> None:
        self.known: dict[str, str] = {}
        for speaker in speakers:
            if speaker.id in self.known or not speaker.named:
                continue
            same = next((id_ for id_ in self.known.values() if _one_name(id_, speaker.id)), speaker.id)
            self.known[speaker.id] = same

    def canonical(self, speaker: Speaker) -> str:
        id_ = self.known.get(speaker.id, speaker.id)
        for agency in _agencies():
            spellings = {terms.fold(part) for part in (agency.name, *agency.credits, *agency.mentions)}
            if terms.fold(speaker.text) in spellings:
                return agency.id
        return id_


def _one_name(one: str, other: str) -> bool:
    if not (one.startswith("name:") and other.startswith("name:")):
        return one == other
    a, b = one[5:].split(), other[5:].split()
    if not a or not b:
        return False
    if a[-1] == b[-1] and len(a[-1]) > 3:
        return len(a) == 1 or len(b) == 1 or a[0][0] == b[0][0]
    return fuzz.ratio(one, other) >= 92


def _follow(root: str, points: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """The end of the chain that begins at `root`, and the circle it runs into, if any."""
    seen = [root]
    while seen[-1] in points:
        following = points[seen[-1]]
        if following in seen:
            return following, frozenset(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1], frozenset()


def _kind_of(id_: str) -> str:
    return "agency" if id_.startswith("agency:") else "primary"


def _publisher_ids(document: SourceText) -> frozenset[str]:
    name = document.publisher
    if not name:
        return frozenset()
    found = {f"name:{terms.fold(name)}", f"outlet:{terms.fold(name)}", f"agency:{terms.fold(name)}"}
    for agency in _agencies():
        if terms.fold(name) in {terms.fold(part) for part in (agency.name, *agency.mentions)}:
            found.add(agency.id)
    found |= {e.id for e in entities.find(name, document.language or "en") if e.type == "organisation"}
    return frozenset(found)


def _signed_by(agency: _Agency, line: str, *, whole: bool) -> bool:
    """Whether `line` carries the agency's credit: in brackets, in a dateline or source line, or as a byline."""
    if not line:
        return False
    names = (*agency.credits, agency.name)
    for found in (*_SIGNED.findall(line), *_SOURCE_LINE.findall(line)):
        parts = re.split(r"[/,;+&]|\bund\b|\band\b", found)
        if any(part.strip() in names for part in parts):
            return True
    if whole:
        words = re.split(r"[/,;+&|()]|\bund\b|\band\b|\bby\b|\bvon\b|\bBy\b|\bVon\b", line)
        return any(word.strip() in (*names, *agency.mentions) for word in words)
    return False


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
