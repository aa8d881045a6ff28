"""Many claims at once, one JSON object per line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims import transitions
from claims.api.errors import as_http
from claims.api.idempotency import Idempotent
from claims.api.parsers import read_json
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.events import ImportSerializer
from claims.api.serializers.fields import NewsroomField
from claims.api.serializers.intake import ClaimRowSerializer
from claims.api.sheets import SheetOfClaims
from claims.errors import FactcheckError, InvalidInput
from claims.models import Door, Newsroom, User
from claims.operations import batching
from claims.workflow import Permission

MOST_ROWS = 1000


class JSONLines(BaseParser):
    """One JSON value per line; empty lines are passed over. A line that is no JSON is an answer of its own."""

    media_type = "application/jsonl"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            text = stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise ParseError(_("The lines are not UTF-8: {problem}").format(problem=exc)) from exc
        return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


class NewlineDelimited(JSONLines):
    media_type = "application/x-ndjson"


class Wanted(serializers.Serializer[Any]):
    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    dry_run = serializers.BooleanField(default=False, help_text="Say what would happen and save nothing.")


class ClaimImportList(Idempotent, GenericAPIView[Any]):
    """Hand in up to 1,000 claims as JSON lines or CSV. Every line has its own result; a bad one stops no other."""

    serializer_class = ImportSerializer
    parser_classes = [JSONLines, NewlineDelimited, SheetOfClaims]
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter("dry_run", bool, description="Say what would happen and save nothing."),
            OpenApiParameter("newsroom", str, description="Needed only when you belong to several."),
        ],
        request={
            "application/jsonl": ClaimRowSerializer,
            "application/x-ndjson": ClaimRowSerializer,
            "text/csv": OpenApiTypes.STR,
        },
        responses=ImportSerializer,
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = Wanted(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        newsroom = newsroom_of(request, asked.validated_data.get("newsroom"))
        transitions.require(actor(request), Permission.SUBMIT, newsroom)
        lines: list[tuple[int, Any]] = list(request.data)  # type: ignore[arg-type]  # of the parsers
        if len(lines) > MOST_ROWS:
            raise ValidationError(
                {
                    "rows": [
                        _("{n} lines were sent; at most {most} are taken at once.").format(n=len(lines), most=MOST_ROWS)
                    ]
                },
                "too_many",
            )
        dry_run = asked.validated_data["dry_run"]
        with _for_show() if dry_run else _for_real():
            rows = self._take(lines, newsroom, actor(request), dry_run)
        counts = Counter(row["result"] for row in rows)
        totals = {result: counts[result] for result in ("created", "existing", "refused")}
        return Response({"dry_run": dry_run, **totals, "rows": rows})

    def _take(self, lines: list[tuple[int, Any]], newsroom: Newsroom, by: User, dry_run: bool) -> list[dict[str, Any]]:
        checked = ClaimRowSerializer(context=self.get_serializer_context())
        refused: dict[int, APIException | FactcheckError] = {}
        sound: dict[int, Any] = {}
        for number, line in lines:
            try:
                sound[number] = checked.run_validation(self._read(line))
            except (APIException, InvalidInput) as exc:
                refused[number] = exc
        outcomes = dict(zip(sound, batching.submit_claims(newsroom, sound.values(), by=by, door=Door.API), strict=True))
        return [self._row(number, outcomes.get(number) or refused[number], dry_run) for number, _line in lines]

    def _read(self, line: Any) -> Any:
        """A line of JSON; or what a sheet gave: fields, or why there are none."""
        if isinstance(line, InvalidInput):
            raise line
        return read_json(line) if isinstance(line, str) else line

    def _row(self, number: int, outcome: batching.Outcome | APIException, dry_run: bool) -> dict[str, Any]:
        if isinstance(outcome, Exception):
            problem = as_http(outcome) if isinstance(outcome, FactcheckError) else outcome
            errors = [
                {"code": one.code, "detail": one.detail, "attr": one.attr} for one in flatten_errors(problem.detail)
            ]
            return {"line": number, "result": "refused", "id": None, "errors": errors}
        claim, created = outcome
        shown = None if created and dry_run else claim.pk
        return {"line": number, "result": "created" if created else "existing", "id": shown, "errors": []}


@contextmanager
def _for_show() -> Iterator[None]:
    """Everything is really done, and undone: a dry run cannot say anything else than the real one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _for_real() -> Iterator[None]:
    """A hundred at a time, so that a long import does not hold up the newsroom's ledger."""
    yield
