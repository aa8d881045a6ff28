"""The ledger, for those who audit: read-only, newest first."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims import blindness
from claims.admin import history
from claims.admin.access import DeskAdmin
from claims.models import LedgerEntry
from claims.workflow import Permission


@admin.register(LedgerEntry)
class LedgerAdmin(DeskAdmin):
    reads = Permission.AUDIT
    list_display = ["sequence", "at", "who", "what", "about", "newsroom", "proof"]
    list_display_links = ["sequence"]
    list_filter = ["kind"]
    list_select_related = ["actor", "claim", "newsroom"]
    search_fields = ["=claim__id"]
    search_help_text = _("Number of a claim")
    ordering = ["-pk"]
    fields = ("newsroom", "sequence", "at", "who", "kind", "about", "pretty", "previous_hash", "hash")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the newsrooms in which this person audits, not of all they belong to."""
        entries = super().get_queryset(request)
        user: Any = request.user
        if user.is_superuser:
            return entries
        audited = entries.filter(newsroom__in=[pk for pk in user.newsroom_ids() if user.may(Permission.AUDIT, pk)])
        return blindness.without_hidden(audited, user)

    @admin.display(description=_("Who"))
    def who(self, entry: LedgerEntry) -> str:
        return history.name_of(entry.actor)

    @admin.display(description=_("What"))
    def what(self, entry: LedgerEntry) -> str:
        return history.line_of(entry).what

    @admin.display(description=_("Claim"))
    def about(self, entry: LedgerEntry) -> SafeString | str:
        if entry.claim_id is None:
            return "–"
        return format_html(
            '<a href="{}">#{}</a>', reverse("admin:claims_claim_change", args=[entry.claim_id]), entry.claim_id
        )

    @admin.display(description=_("Hash"))
    def proof(self, entry: LedgerEntry) -> SafeString:
        return format_html('<code title="{}">{}…</code>', entry.hash, entry.hash[:10])

    @admin.display(description=_("Content"))
    def pretty(self, entry: LedgerEntry) -> SafeString:
        return format_html(
            '<pre class="d-pre">{}</pre>', json.dumps(entry.payload, indent=2, ensure_ascii=False, sort_keys=True)
        )
