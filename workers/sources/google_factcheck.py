"""Google's Fact Check Tools: has somebody checked this before? Ratings are kept in the words of their publisher."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

PACE = Pace(per_second=2.0)
PAGES = 3


class GoogleFactCheck:
    """Published fact-checks with ClaimReview, worldwide."""

    slug: ClassVar[str] = "google_factcheck"
    name: ClassVar[str] = "Google Fact Check Tools"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None if settings.GOOGLE_FACTCHECK_KEY else "No key is configured: set GOOGLE_FACTCHECK_KEY."

    def search(self, query: Query) -> Findings:
        found: dict[str, Finding] = {}
        for language in query.asked_in[:3]:
            for words in query.searches(language)[:2]:
                for claim in self._claims(words[:300], language.split("-")[0], query.limit):
                    for finding in _reviews(claim, fingerprint(self.slug, words, language)):
                        found.setdefault(finding.url, finding)
                if len(found) >= query.limit:
                    return Findings(tuple(found.values())[: query.limit])
        return Findings(tuple(found.values()))

    def _claims(self, words: str, language: str, limit: int) -> list[dict[str, Any]]:
        """All pages up to the limit; every parameter is repeated with the token."""
        claims: list[dict[str, Any]] = []
        token = ""
        for _ in range(PAGES):
            url = asking.url_with(
                f"{settings.GOOGLE_FACTCHECK_URL}/claims:search",
                {"query": words, "languageCode": language, "pageSize": min(limit, 20), "pageToken": token},
            )
            answer = asking.get_json(
                url,
                name=self.name,
                pace=PACE,
                check=_refuse,
                headers={"X-Goog-Api-Key": settings.GOOGLE_FACTCHECK_KEY},
                kept_for=24 * 3600,
            )
            claims += asking.rows(answer.get("claims"))
            token = asking.word(answer.get("nextPageToken"))
            if not token or len(claims) >= limit:
                break
        return claims


def _refuse(answer: Any) -> None:
    if not isinstance(answer, dict):
        raise SourceUnavailable("Google Fact Check Tools sent an answer of an unknown shape.")
    if error := asking.shaped(answer, "error", "message"):
        raise SourceUnavailable(f"Google Fact Check Tools could not search: {asking.word(error)}")


def _reviews(claim: dict[str, Any], mark: str) -> list[Finding]:
    text, claimant = asking.word(claim.get("text")), asking.word(claim.get("claimant"))
    found = []
    for review in asking.rows(claim.get("claimReview")):
        url, rating = asking.word(review.get("url")), asking.word(review.get("textualRating"))
        if not url.startswith(("http://", "https://")):
            continue
        publisher = asking.word(asking.shaped(review, "publisher", "name"))
        site = asking.word(asking.shaped(review, "publisher", "site"))
        found.append(
            Finding(
                url=url,
                title=asking.word(review.get("title")) or text,
                snippet=f"{claimant or 'Somebody'}: “{text}” – rated “{rating}” by {publisher or site}",
                published_at=asking.instant(review.get("reviewDate")),
                language=asking.word(review.get("languageCode")).split("-")[0],
                publisher=publisher or site,
                fingerprint=mark,
                details={
                    "claim": text,
                    "claimant": claimant,
                    "claim_date": claim.get("claimDate"),
                    "rating": review.get("textualRating"),
                    "site": site,
                },
            )
        )
    return found
