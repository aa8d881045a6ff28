"""What may follow an answer: OpenAPI `links`, from each answer to the operations that take it further.

The table says which. How the ids get there is the same everywhere: what stood in the address stays, the id of what was
answered fills the rest.
"""

from __future__ import annotations

import re
from typing import Any

_TALK = "claims_comments_create claims_tasks_create claims_recusals_create"
_TAKEN = (
    "claims_retrieve claims_progress_retrieve claims_gathering_create claims_dismissal_create claims_duplicate_create "
    f"claims_triage_update claims_assignment_update claims_suggestions_list claims_earlier_checks_retrieve {_TALK}"
)
_GATHERED = (
    "claims_progress_retrieve claims_lookups_list claims_evidence_list claims_assessment_retrieve "
    "claims_conditions_list claims_additions_create claims_origins_list claims_replies_create "
    "claims_checklist_update claims_reviews_create"
)
_PUBLISHED = (
    "claims_publication_retrieve claims_publication_corrections_create claims_publication_withdrawal_create "
    "claims_reopenings_create claims_late_evidence_list"
)
FOLLOWING = {
    "articles_create": "articles_retrieve articles_suggestions_list claims_list",
    "articles_list": "articles_retrieve articles_suggestions_list claims_list",
    "articles_retrieve": "claims_list",
    "claims_create": _TAKEN,
    "claims_list": _TAKEN,
    "claims_retrieve": (
        "claims_history_list claims_occurrences_list claims_comments_list claims_tasks_list claims_recusals_list "
        "claims_reviews_list claims_replies_list claims_checklist_list claims_triage_retrieve claims_verdict_retrieve "
        f"claims_publication_retrieve {_GATHERED}"
    ),
    "claims_dismissal_create": "claims_restoration_create claims_history_list",
    "claims_duplicate_create": "claims_restoration_create claims_retrieve",
    "claims_restoration_create": "claims_gathering_create claims_retrieve",
    "claims_gathering_create": _GATHERED,
    "claims_reopenings_create": _GATHERED,
    "claims_lookups_list": "claims_lookups_retries_create",
    "claims_additions_create": "claims_additions_list",
    "claims_evidence_list": (
        "claims_evidence_judgement_update claims_evidence_protection_update claims_evidence_copy_create"
    ),
    "claims_evidence_judgement_update": "claims_evidence_protection_update claims_reviews_create",
    "claims_occurrences_list": "claims_occurrences_retrieve claims_occurrences_destroy",
    "claims_origins_create": "claims_origins_list claims_origins_retrieve claims_origins_destroy",
    "claims_origins_list": "claims_origins_retrieve",
    "claims_replies_create": "claims_replies_answer_create claims_replies_list",
    "claims_recusals_create": "claims_recusals_destroy claims_recusals_list",
    "claims_comments_create": "claims_comments_destroy claims_comments_list",
    "claims_tasks_create": "claims_tasks_done_update claims_tasks_list",
    "claims_tasks_done_update": "claims_tasks_done_destroy",
    "claims_assignment_update": "claims_reviews_create",
    "claims_triage_update": "claims_triage_retrieve claims_gathering_create",
    "claims_conditions_list": "claims_verdict_update",
    "claims_reviews_create": "claims_reviews_list claims_conditions_list claims_verdict_update",
    "claims_verdict_update": "claims_verdict_retrieve claims_verdict_approval_create claims_verdict_returns_create",
    "claims_verdict_retrieve": "claims_verdict_approval_create",
    "claims_verdict_returns_create": "claims_reviews_create claims_verdict_update",
    "claims_verdict_approval_create": (
        "claims_publication_create claims_publication_schedule_update claims_reopenings_create"
    ),
    "claims_publication_schedule_update": "claims_publication_schedule_retrieve claims_publication_schedule_destroy",
    "claims_publication_create": f"complaints_create pool_checks_retrieve {_PUBLISHED}",
    "claims_publication_retrieve": "complaints_create claims_publication_corrections_list",
    "claims_publication_corrections_create": "claims_publication_corrections_list claims_publication_retrieve",
    "claims_publication_withdrawal_create": "claims_publication_retrieve claims_reopenings_create",
    "publications_list": f"complaints_create complaints_list {_PUBLISHED}",
    "complaints_create": "complaints_retrieve complaints_review_update complaints_answer_update",
    "complaints_list": "complaints_retrieve complaints_review_update",
    "complaints_review_update": "complaints_answer_update claims_publication_corrections_create",
    "rechecks_list": "rechecks_retrieve rechecks_closing_update rechecks_reopenings_create",
    "rechecks_reopenings_create": "claims_retrieve claims_lookups_list",
    "followed_sources_create": (
        "followed_sources_retrieve followed_sources_update followed_sources_pause_update "
        "followed_sources_visits_create followed_sources_items_list followed_sources_destroy"
    ),
    "followed_sources_list": "followed_sources_retrieve followed_sources_items_list",
    "followed_sources_pause_update": "followed_sources_pause_destroy",
    "interests_create": "interests_destroy interests_list",
    "keys_create": "keys_retrieve keys_destroy",
    "keys_list": "keys_retrieve",
    "webhooks_create": (
        "webhooks_retrieve webhooks_update webhooks_tests_create webhooks_deliveries_list webhooks_rotations_create "
        "webhooks_replays_create webhooks_disabled_update"
    ),
    "webhooks_list": "webhooks_retrieve webhooks_deliveries_list",
    "webhooks_disabled_update": "webhooks_disabled_destroy",
    "webhooks_tests_create": "webhooks_deliveries_list",
    "chats_create": "chats_retrieve chats_update chats_posts_create chats_posts_list chats_disabled_update",
    "chats_list": "chats_retrieve chats_posts_list",
    "chats_disabled_update": "chats_disabled_destroy",
    "escalations_create": "escalations_retrieve escalations_update escalations_destroy",
    "views_create": "views_retrieve views_update views_destroy",
    "views_list": "views_retrieve",
    "notices_list": "notices_read_update",
    "pool_checks_list": "pool_checks_retrieve",
    "pool_checks_retrieve": (
        "pool_checks_cosignatures_create pool_checks_cosignatures_list pool_checks_takeover_create"
    ),
    "pool_checks_cosignatures_create": "pool_cosignatures_revocation_create pool_cosignatures_list",
    "pool_claims_list": "pool_claims_takeover_create",
    "pool_checks_takeover_create": _TAKEN,
    "pool_claims_takeover_create": _TAKEN,
    "newsrooms_list": "articles_create claims_create newsrooms_sharing_retrieve newsrooms_intervals_retrieve",
    "newsrooms_sharing_update": "newsrooms_sharing_retrieve",
}
# Where the answer names the thing by another field than `id`, after the source and the parameter.
NAMED = {
    ("complaints_review_update", "claim_id"): "claim",
    ("publications_list", "claim_id"): "claim",
    ("rechecks_reopenings_create", "claim_id"): "claim",
    ("newsrooms_list", "newsroom_slug"): "slug",
}
# What of the answer belongs into the next body, after the operation that takes it: its field, then the answer's.
CARRIED = {
    "articles_create": {"newsroom": "slug"},
    "claims_create": {"newsroom": "slug"},
    "claims_verdict_approval_create": {"content_hash": "content_hash"},
    "complaints_create": {"publication": "id"},
    "pool_checks_cosignatures_create": {"content_hash": "content_hash"},
}
# What narrows the list that follows: the list, and the parameter that takes the id of what was answered.
NARROWED = {"articles": ("claims_list", "article"), "publications": ("complaints_list", "publication")}


def add_links(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook. An operation the table does not know stops the making of the schema."""
    paths = {one["operationId"]: path for path, methods in result["paths"].items() for one in methods.values()}
    sources = {one["operationId"]: one for methods in result["paths"].values() for one in methods.values()}
    for source, targets in FOLLOWING.items():
        for status, response in sources[source]["responses"].items():
            if not status.startswith("2"):
                continue
            within = _within(response, result["components"]["schemas"])
            response["links"] = {one: _link(source, one, paths, within) for one in sorted(targets.split())}
    return result


def _link(source: str, target: str, paths: dict[str, str], within: str) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": target}
    kept = _parameters(paths[source])
    given = {
        name: f"$request.path.{name}" if name in kept else f"$response.body#{within}/{NAMED.get((source, name), 'id')}"
        for name in _parameters(paths[target])
    }
    of, _, _ = source.rpartition("_")
    if of in NARROWED and NARROWED[of][0] == target:
        given[f"query.{NARROWED[of][1]}"] = f"$response.body#{within}/id"
    if given:
        made["parameters"] = given
    if target in CARRIED:
        made["requestBody"] = {name: f"$response.body#{within}/{field}" for name, field in CARRIED[target].items()}
    return made


def _within(response: dict[str, Any], components: dict[str, Any]) -> str:
    """Where in the answer the thing stands: a list shows its first."""
    shape = response["content"]["application/json"]["schema"]
    if "$ref" in shape:
        shape = components[shape["$ref"].rpartition("/")[2]]
    if shape.get("type") == "array":
        return "/0"
    return "/results/0" if "results" in shape.get("properties", {}) else ""


def _parameters(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)
