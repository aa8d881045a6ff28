"""Publishing at a time."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.permissions import actor
from claims.api.serializers.scheduling import ScheduleSerializer
from claims.api.views.scope import OfClaim
from claims.models import Schedule
from claims.operations import scheduling


class ScheduleDetail(OfClaim, GenericAPIView[Any]):
    """When the approved verdict of this cycle goes out."""

    serializer_class = ScheduleSerializer
    queryset = Schedule.objects.none()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The last time that was set, and what came of it."""
        rows = Schedule.objects.filter(verdict__claim=self.claim, verdict__cycle=self.claim.cycle)
        found = get_object_or_404(rows.select_related("set_by").order_by("-pk")[:1])
        return Response(self.get_serializer(found).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set or change the time."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        made = scheduling.plan(self.claim, by=actor(request), **serializer.validated_data)
        return Response(self.get_serializer(made).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the time back: somebody publishes by hand."""
        scheduling.cancel(self.claim, by=actor(request))
        return Response(status=204)
