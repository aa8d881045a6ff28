"""The addresses readers and machines find checks at."""

from django.urls import path
from django.views.generic import RedirectView

from claims.public import complaints, datafeed, embedding, feeds, heads, stopping, views

app_name = "public"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="public:checks")),
    path("checks/", views.checks, name="checks"),
    path("checks/feed.rss", feeds.feed, {"form": "rss"}, name="rss"),
    path("checks/feed.atom", feeds.feed, {"form": "atom"}, name="atom"),
    path("checks/feed.json", feeds.feed, {"form": "json"}, name="json"),
    path("checks/corrections/", feeds.corrections_page, name="corrections"),
    path("checks/corrections.rss", feeds.corrections, {"form": "rss"}, name="corrections-rss"),
    path("checks/corrections.atom", feeds.corrections, {"form": "atom"}, name="corrections-atom"),
    path("checks/corrections.json", feeds.corrections, {"form": "json"}, name="corrections-json"),
    path("checks/datafeed.json", datafeed.datafeed, name="datafeed"),
    path("checks/oembed", embedding.oembed, name="oembed"),
    path(".well-known/factcheck-ledger.json", heads.heads, name="heads"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("mail/stop/<str:token>/", stopping.stop_mail, name="stop-mail"),
    path("complaints/<str:token>/", complaints.complaint, name="complaint"),
    path("checks/<slug:slug>/report/", complaints.report, name="report"),
    path("checks/<slug:slug>/", views.one_check, name="check"),
    path("checks/<slug:slug>/claimreview.json", views.one_claim_review, name="claimreview"),
    path("checks/<slug:slug>/mediareview.json", views.one_media_review, name="mediareview"),
    path("checks/<slug:slug>/cosignatures.json", views.cosignatures, name="cosignatures"),
    path("checks/<slug:slug>/embed/", embedding.embed, name="embed"),
]
