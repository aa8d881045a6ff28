"""The walls: what a view may look at."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.generics import CreateAPIView, GenericAPIView
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from claims.api.idempotency import Idempotent
from claims.api.permissions import actor
from claims.models import Claim


class OfClaim(Idempotent, GenericAPIView[Any]):
    """A view under one claim. A claim the caller may not see is not there, whatever else is asked."""

    claim: Claim

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.claim = get_object_or_404(
            Claim.objects.visible_to(actor(request)).select_related("newsroom"), pk=self.kwargs["claim_id"]
        )


class Made(CreateAPIView[Any]):
    """POST a noun: the serializer checks the shape, `perform_create` runs the operation."""

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class Act(OfClaim, Made):
    """A move of a claim, named as the noun it makes."""

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = self.act(self.claim, **serializer.validated_data)

    def act(self, claim: Claim, **data: Any) -> Any:
        raise NotImplementedError
