"""Pages handed in as an address: fetched through the one door, read, and given to the article that waits for them."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from claims.errors import InvalidInput
from claims.models import Article
from claims.operations import fetching
from workers import documents, http, pagetext
from workers.additions import NOT_PUBLIC
from workers.errors import Blocked, FetchError, RobotsDenied, TooLarge

Problem = Article.Problem


def fetch(article: Article, *, wait: float) -> None:
    """Fetch the page of an article we hold and keep its text, or why there is none; `wait` is until the next try."""
    try:
        response = http.fetch(article.url, manner="visit", deadline=float(settings.FETCH_DEADLINE_SECONDS))
        if not response.ok:
            _answered(article, response, wait=wait)
            return
        draft = documents.of_response(response, source="article")
        published = draft.published_at.date() if draft.published_at else None
        fetching.keep_text(
            article,
            text=draft.text,
            url=response.final_url,
            language=draft.language,
            title=draft.title,
            publisher=draft.publisher,
            published_on=published if published and published <= timezone.now().date() else None,
        )
    except RobotsDenied as exc:
        fetching.give_up(article, problem=Problem.REFUSED, reason=str(exc))
    except Blocked:
        # Not the guard's own words: they would tell which names and addresses lie within the house.
        fetching.give_up(article, problem=Problem.BLOCKED, reason=NOT_PUBLIC)
    except TooLarge as exc:
        fetching.give_up(article, problem=Problem.TOO_LARGE, reason=str(exc))
    except InvalidInput as exc:
        problem = Problem.TOO_LARGE if exc.code == "too_long" else Problem.UNREADABLE
        fetching.give_up(article, problem=problem, reason=exc.message)
    except pagetext.Unreadable as exc:
        fetching.give_up(article, problem=Problem.UNREADABLE, reason=str(exc))
    except FetchError as exc:
        if exc.retriable:
            fetching.put_off(
                article, problem=Problem.UNREACHABLE, reason=exc.shown, seconds=max(wait, exc.retry_after or 0.0)
            )
        else:
            fetching.give_up(article, problem=Problem.UNREACHABLE, reason=exc.shown)


def _answered(article: Article, response: http.Response, *, wait: float) -> None:
    reason = f"The server answered with status {response.status}."
    if response.status >= 500 or response.status == 429:
        fetching.put_off(
            article, problem=Problem.UNREACHABLE, reason=reason, seconds=max(wait, response.retry_after or 0.0)
        )
    else:
        fetching.give_up(article, problem=Problem.UNREACHABLE, reason=reason)
