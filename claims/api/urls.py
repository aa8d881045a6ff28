"""The addresses of the API, version 1. Nouns, flat, each ending with a slash."""

from typing import Any

from django.urls import URLPattern, re_path
from django.urls import path as plain
from django.views.decorators.http import conditional_page

from claims.api.throttles import with_limits
from claims.api.views import (
    additions,
    complaints,
    decisions,
    earlier,
    events,
    exports,
    imports,
    intake,
    keys,
    meta,
    notices,
    origins,
    publications,
    research,
    rules,
    scheduling,
    talk,
    webhooks,
)

app_name = "api"


def path(route: str, view: Any, name: str) -> URLPattern:
    """An address whose answers carry an `ETag`: who asks again with it gets 304 while nothing has changed."""
    found: URLPattern = plain(route, with_limits(conditional_page(view)), name=name)
    return found


urlpatterns = [
    path("newsrooms/", intake.NewsroomList.as_view(), name="newsrooms"),
    path("ratings/", intake.RatingList.as_view(), name="ratings"),
    path("articles/", intake.ArticleList.as_view(), name="articles"),
    path("articles/<int:article_id>/", intake.ArticleDetail.as_view(), name="article"),
    path("claims/", intake.ClaimList.as_view(), name="claims"),
    path("claims/imports/", imports.ClaimImportList.as_view(), name="imports"),
    path("claims/<int:claim_id>/", intake.ClaimDetail.as_view(), name="claim"),
    plain("claims/<int:claim_id>/progress/", events.Progress.as_view(), name="progress"),
    path("claims/<int:claim_id>/gathering/", research.Gathering.as_view(), name="gathering"),
    path("claims/<int:claim_id>/lookups/", research.LookupList.as_view(), name="lookups"),
    path("claims/<int:claim_id>/lookups/<int:lookup_id>/retries/", research.RetryList.as_view(), name="retries"),
    path("claims/<int:claim_id>/additions/", additions.AdditionList.as_view(), name="additions"),
    path("claims/<int:claim_id>/evidence/", research.EvidenceList.as_view(), name="evidence"),
    path("claims/<int:claim_id>/evidence/<int:evidence_id>/judgement/", research.Judgement.as_view(), name="judgement"),
    path(
        "claims/<int:claim_id>/evidence/<int:evidence_id>/protection/",
        research.Protection.as_view(),
        name="protection",
    ),
    path("claims/<int:claim_id>/assessment/", research.AssessmentDetail.as_view(), name="assessment"),
    path("claims/<int:claim_id>/origins/", origins.EdgeList.as_view(), name="origins"),
    path("claims/<int:claim_id>/origins/<int:edge_id>/", origins.EdgeDetail.as_view(), name="origin"),
    path("claims/<int:claim_id>/earlier-checks/", earlier.EarlierChecks.as_view(), name="earlier_checks"),
    path("checks/match/", earlier.CheckMatch.as_view(), name="match"),
    path("policies/", rules.PolicyList.as_view(), name="policies"),
    path("interests/", rules.InterestList.as_view(), name="interests"),
    path("interests/<int:interest_id>/", rules.InterestDetail.as_view(), name="interest"),
    path("claims/<int:claim_id>/conditions/", rules.ConditionList.as_view(), name="conditions"),
    path("claims/<int:claim_id>/replies/", rules.ReplyList.as_view(), name="replies"),
    path("claims/<int:claim_id>/replies/<int:reply_id>/answer/", rules.ReplyAnswer.as_view(), name="answer"),
    path("claims/<int:claim_id>/checklist/", rules.Checklist.as_view(), name="checklist"),
    path("claims/<int:claim_id>/recusals/", rules.RecusalList.as_view(), name="recusals"),
    path("claims/<int:claim_id>/recusals/<int:recusal_id>/", rules.RecusalDetail.as_view(), name="recusal"),
    path("claims/<int:claim_id>/assignment/", decisions.Assignment.as_view(), name="assignment"),
    path("claims/<int:claim_id>/reviews/", decisions.ReviewList.as_view(), name="reviews"),
    path("claims/<int:claim_id>/verdict/", decisions.VerdictDetail.as_view(), name="verdict"),
    path("claims/<int:claim_id>/verdict/approval/", decisions.Approval.as_view(), name="approval"),
    path("claims/<int:claim_id>/verdict/returns/", decisions.ReturnList.as_view(), name="returns"),
    path("claims/<int:claim_id>/publication/", publications.PublicationDetail.as_view(), name="publication"),
    path("claims/<int:claim_id>/publication/schedule/", scheduling.ScheduleDetail.as_view(), name="schedule"),
    path("claims/<int:claim_id>/publication/corrections/", publications.CorrectionList.as_view(), name="corrections"),
    path("claims/<int:claim_id>/publication/withdrawal/", publications.Withdrawal.as_view(), name="withdrawal"),
    path("claims/<int:claim_id>/dismissal/", decisions.Dismissal.as_view(), name="dismissal"),
    path("claims/<int:claim_id>/duplicate/", decisions.Duplicate.as_view(), name="duplicate"),
    path("claims/<int:claim_id>/restoration/", decisions.Restoration.as_view(), name="restoration"),
    path("claims/<int:claim_id>/reopenings/", decisions.ReopeningList.as_view(), name="reopenings"),
    path("claims/<int:claim_id>/comments/", talk.CommentList.as_view(), name="comments"),
    path("claims/<int:claim_id>/tasks/", talk.TaskList.as_view(), name="tasks"),
    path("notices/preferences/", notices.Preferences.as_view(), name="preferences"),
    path("escalations/", notices.EscalationList.as_view(), name="escalations"),
    path("escalations/<int:escalation_id>/", notices.EscalationDetail.as_view(), name="escalation"),
    path("chats/", notices.ChatList.as_view(), name="chats"),
    path("chats/<int:chat_id>/", notices.ChatDetail.as_view(), name="chat"),
    path("chats/<int:chat_id>/disabled/", notices.ChatDisabled.as_view(), name="chat_disabled"),
    path("chats/<int:chat_id>/posts/", notices.ChatPostList.as_view(), name="chat_posts"),
    path("notices/", talk.NoticeList.as_view(), name="notices"),
    path("claims/<int:claim_id>/history/", decisions.History.as_view(), name="history"),
    plain("exports/claims/", with_limits(exports.ClaimExport.as_view()), name="export_claims"),
    plain("exports/checks/", with_limits(exports.CheckExport.as_view()), name="export_checks"),
    plain("exports/evidence/", with_limits(exports.EvidenceExport.as_view()), name="export_evidence"),
    plain("exports/reviews/", with_limits(exports.ReviewExport.as_view()), name="export_reviews"),
    path("events/", events.EventList.as_view(), name="events"),
    path("documents/<int:document_id>/", research.DocumentDetail.as_view(), name="document"),
    path("keys/", keys.KeyList.as_view(), name="keys"),
    path("keys/<slug:key_id>/", keys.KeyDetail.as_view(), name="key"),
    path("webhooks/", webhooks.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhooks.WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<int:webhook_id>/disabled/", webhooks.Disabled.as_view(), name="disabled"),
    path("webhooks/<int:webhook_id>/deliveries/", webhooks.DeliveryList.as_view(), name="deliveries"),
    path("webhooks/<int:webhook_id>/tests/", webhooks.TestEventList.as_view(), name="tests"),
    path("webhooks/<int:webhook_id>/rotations/", webhooks.RotationList.as_view(), name="rotations"),
    path("webhooks/<int:webhook_id>/replays/", webhooks.ReplayList.as_view(), name="replays"),
    path("complaints/", complaints.ComplaintList.as_view(), name="complaints"),
    path("complaints/<int:complaint_id>/", complaints.ComplaintDetail.as_view(), name="complaint"),
    path("complaints/<int:complaint_id>/review/", complaints.ComplaintReview.as_view(), name="complaint_review"),
    path("complaints/<int:complaint_id>/answer/", complaints.ComplaintAnswer.as_view(), name="complaint_answer"),
    path("publications/", publications.PublicationList.as_view(), name="publications"),
    plain("schema/", meta.SchemaView.as_view(), name="schema"),
    plain("docs/", meta.DocsView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^.*$", meta.Nowhere.as_view(), name="nowhere"),
]
