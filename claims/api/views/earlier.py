"""Earlier checks: those beside a claim, and those beside any statement."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims import earlier
from claims.analysis import extraction
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.earlier import HowMany, MatchesSerializer, QuestionSerializer
from claims.api.views.scope import OfClaim
from claims.earlier import Found
from claims.errors import NotPermitted
from claims.workflow import Permission


def _answer(found: list[Found]) -> Response:
    given = {"results": found, "ratings_disagree": bool(earlier.disagreeing(found))}
    return Response(MatchesSerializer(given).data)


class EarlierChecks(OfClaim):
    """Checks published before that may be about a claim."""

    serializer_class = MatchesSerializer

    @extend_schema(parameters=[HowMany], responses=MatchesSerializer)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What others, and your newsroom, have checked before that may be about this claim."""
        asked = HowMany(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return _answer(earlier.match(self.claim, user=actor(request), limit=asked.validated_data["limit"]))


class CheckMatch(GenericAPIView[Any]):
    """Checks published before that may be about a statement."""

    serializer_class = QuestionSerializer

    @extend_schema(request=QuestionSerializer, responses={200: MatchesSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Look a statement up among the earlier checks. It changes nothing: a key that reads is enough."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        newsroom = newsroom_of(request, given.get("newsroom"))
        if not actor(request).may(Permission.READ, newsroom.pk):
            raise NotPermitted(_("Your key or your roles do not allow this."))
        facts = extraction.facts(given["text"], given["language"], given.get("said_on"))
        return _answer(
            earlier.match_text(
                given["text"],
                given["language"],
                facts,
                newsrooms=[newsroom.pk],
                appeared=given.get("said_on"),
                limit=given["limit"],
            )
        )
