"""What happened: the feed that misses nothing, and the progress of one claim as it happens."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from django.db import connection
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.permissions import newsroom_of
from claims.api.serializers.events import EventFeedSerializer
from claims.api.serializers.fields import NewsroomField
from claims.api.views.scope import OfClaim
from claims.events import as_event
from claims.models import Claim, LedgerEntry

STREAM_SECONDS = 50  # then the client connects again and goes on where it was
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15
STREAMS = threading.BoundedSemaphore(4)  # per process: every stream holds a thread


class Since(serializers.Serializer[Any]):
    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    since = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=200)
    type = serializers.CharField(required=False, max_length=40, help_text="Only events of this type.")


class EventList(GenericAPIView[Any]):
    """Everything that happened in a newsroom after `since`, in order, without gaps."""

    serializer_class = EventFeedSerializer
    pagination_class = None

    @extend_schema(parameters=[Since], responses=EventFeedSerializer, operation_id="events_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = Since(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        newsroom = newsroom_of(request, wanted.get("newsroom"))
        entries = LedgerEntry.objects.filter(newsroom=newsroom, sequence__gt=wanted["since"])
        if "type" in wanted:
            entries = entries.filter(kind=wanted["type"])
        found = list(entries.order_by("sequence")[: wanted["limit"] + 1])
        more = len(found) > wanted["limit"]
        found = found[: wanted["limit"]]
        since = found[-1].sequence if found else wanted["since"]
        return Response({"results": [as_event(entry) for entry in found], "since": since, "more": more})


class TooManyStreams(APIException):
    status_code = 503
    default_detail = _("Too many streams are open. Poll instead, or try again shortly.")
    default_code = "too_many_streams"
    wait = 10


class EventStreamRenderer(BaseRenderer):
    """For content negotiation; errors are told in JSON."""

    media_type = "text/event-stream"
    format = "sse"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return JSONRenderer().render(data)


class Progress(OfClaim):
    """What happens to the claim, as it happens (Server-Sent Events). `Last-Event-ID` goes on after that number."""

    renderer_classes = [EventStreamRenderer, JSONRenderer]
    streams = True

    @extend_schema(
        responses={(200, "text/event-stream"): OpenApiTypes.STR},
        parameters=[OpenApiParameter("Last-Event-ID", int, OpenApiParameter.HEADER)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        since = request.headers.get("Last-Event-ID", "")
        if not STREAMS.acquire(blocking=False):
            raise TooManyStreams
        stream = Stream(self.claim, int(since) if since.isascii() and since.isdigit() and len(since) < 19 else 0)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        response: Response = super().handle_exception(exc)
        response.content_type = "application/json"
        return response


class Stream:
    """Events of one claim as lines of a stream. Holds no database connection while it waits."""

    def __init__(self, claim: Claim, since: int) -> None:
        self.claim_id, self.since = claim.pk, since
        self.ends = time.monotonic() + STREAM_SECONDS
        self.spoke = time.monotonic()
        self.closed = threading.Event()
        self.begun = False

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        if not self.begun:
            self.begun = True
            return b"retry: 2000\n\n" + self._news()
        while not self.closed.is_set() and time.monotonic() < self.ends:
            news = self._news()
            if not news and time.monotonic() - self.spoke > HEARTBEAT_SECONDS:
                news = b": still here\n\n"
            if news:
                self.spoke = time.monotonic()
                return news
            self.closed.wait(POLL_SECONDS)
        raise StopIteration

    def _news(self) -> bytes:
        entries = LedgerEntry.objects.filter(claim=self.claim_id, sequence__gt=self.since).order_by("sequence")
        lines = []
        for entry in entries[:200]:
            event = as_event(entry)
            self.since = entry.sequence
            lines.append(f"id: {entry.sequence}\nevent: {entry.kind}\ndata: {json.dumps(event)}\n\n")
        if not connection.in_atomic_block:
            connection.close()
        return "".join(lines).encode()

    def close(self) -> None:
        if not self.closed.is_set():
            self.closed.set()
            STREAMS.release()
