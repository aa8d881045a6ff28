"""The peer of `api.py`: the same claims behind bare DRF views, as a tutorial writes them, in the process of ours."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.urls import include, path

from factcheck.wsgi import application as application

settings.ROOT_URLCONF = "tests.load.bare"

from rest_framework import generics, pagination, serializers  # noqa: E402

from claims.api.serializers.intake import ClaimSummarySerializer  # noqa: E402
from claims.models import Claim  # noqa: E402

DERIVED = {"language_covered", "priority"}


class BareSerializer(serializers.ModelSerializer[Claim]):
    class Meta:
        model = Claim
        fields = [name for name in ClaimSummarySerializer.Meta.fields if name not in DERIVED]


class BareEntry(serializers.ModelSerializer[Claim]):
    class Meta:
        model = Claim
        fields = ("newsroom", "text", "language", "claimant")


class ByKey(pagination.CursorPagination):
    ordering = "-pk"
    page_size = 50


class BareClaims(generics.ListCreateAPIView[Claim]):
    """No keys, no newsrooms, no throttle, no idempotency, no ledger, no reading of the text."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    filter_backends = ()
    pagination_class = ByKey
    queryset = Claim.objects.defer("search", "facts", "reasons", "match_keys")

    def perform_create(self, serializer: serializers.BaseSerializer[Claim]) -> None:
        serializer.save(sha256=hashlib.sha256(serializer.validated_data["text"].encode()).hexdigest())

    def get_serializer_class(self) -> Any:
        return BareEntry if self.request.method == "POST" else BareSerializer


urlpatterns = [path("bare/", BareClaims.as_view()), path("", include("factcheck.urls"))]
