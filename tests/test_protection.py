"""A protected source is told to nobody: every way out of the house is asked for its address."""

import json

import pytest
from django.test import Client

from claims.models import ArchiveJob, Consultation, Delivery, Evidence, Job, LedgerEntry, Newsroom, Publication
from claims.operations import deciding, preserving, publishing, researching, reviewing, telling
from claims.protection import protected_urls
from tests import make
from tests.api.client import program_of
from workers.models.jobs import passages_of

pytestmark = pytest.mark.django_db

SECRET = "zwiebelfunk.example"
URL = f"https://{SECRET}/whistle"
REASON = "Knoblauch: the person is in danger."


def drafts():
    return [make.draft(), make.draft(url=URL, publisher="Zwiebelfunk", domain=SECRET, title="Zwiebelfunk")]


def claim_with_protected_source(room=None):
    """In review; the machine found several passages of the source, one of which a person protected."""
    claim = make.claim_in_review(room, drafts=drafts())
    passage = Evidence.objects.filter(claim=claim, document__url=URL).first()
    researching.protect(passage, by=make.researcher(claim.newsroom), reason=REASON)
    return claim


def published(claim):
    room = claim.newsroom
    reviewing.submit(claim, by=make.reviewer(room), rating=make.rating(room), reasons="Counted.")
    claim.refresh_from_db()
    verdict = deciding.propose(claim, by=make.reviewer(room), rating=make.rating(room), headline="No", reasons="No.")
    claim.refresh_from_db()
    deciding.approve(claim, by=make.editor(room), content=verdict.content_hash)
    claim.refresh_from_db()
    return publishing.publish(claim, by=make.editor(room))


def everything_public(publication):
    """What anybody can read of a check: pages, feeds, ClaimReview, and what the newsroom's programs publish from."""
    room = publication.newsroom
    slug, claim = publication.slug, publication.claim
    client = Client(headers={"accept-language": "en"})
    paths = ["/checks/", f"/checks/{slug}/", f"/checks/{slug}/claimreview.json", f"/checks/?newsroom={room.slug}"]
    paths += ["/checks/feed.atom", "/checks/feed.rss", "/checks/feed.json", "/checks/claimreview.json", "/sitemap.xml"]
    answers = [client.get(path) for path in paths]
    assert answers[1].status_code == 200
    program = program_of(make.editor(room), room)
    answers += [program.get("publications/"), program.get(f"claims/{claim.pk}/publication/"), program.get("events/")]
    assert [one.status_code for one in answers[-3:]] == [200, 200, 200]
    return "\n".join(one.content.decode() for one in answers if one.status_code == 200)


def is_silent(text):
    low = text.lower()
    return "zwiebelfunk" not in low and "knoblauch" not in low


def test_readers_feeds_and_programs_learn_only_that_there_is_a_source():
    publication = published(claim_with_protected_source())

    assert publication.content["protected_sources"] >= 1
    assert is_silent(json.dumps(publication.content))
    assert is_silent(everything_public(publication))
    assert (
        "protected and known to the desk"
        in Client(headers={"accept-language": "en"}).get(f"/checks/{publication.slug}/").content.decode()
    )


def test_webhooks_are_told_nothing_of_it():
    room = make.newsroom()
    telling.register(room, url="https://cms.example/hook", by=None)
    published(claim_with_protected_source(room))

    assert is_silent(json.dumps([str(one.__dict__) for one in Delivery.objects.all()]))
    program = program_of(make.editor(room), room)
    assert is_silent(program.get("events/").content.decode())


def test_the_ledger_and_the_desk_know_it():
    claim = claim_with_protected_source()

    bodies = " ".join(LedgerEntry.objects.filter(claim=claim, kind="evidence.protected").values_list("body", flat=True))
    assert "Knoblauch" in bodies
    assert protected_urls(claim.newsroom_id) == {URL}
    assert protected_urls(make.newsroom().pk) == frozenset()


def test_a_source_protected_in_one_claim_is_hidden_in_every_check_of_the_newsroom():
    room = make.newsroom()
    earlier = make.claim_in_review(room, drafts=drafts())
    claim_with_protected_source(room)

    publication = published(earlier)

    assert is_silent(json.dumps(publication.content))


def test_a_source_protected_after_publication_leaves_the_public_page_and_the_api():
    room = make.newsroom()
    first = make.claim_in_review(room, drafts=drafts())
    publication = published(first)
    assert not is_silent(json.dumps(publication.content))
    claim_with_protected_source(room)

    assert is_silent(everything_public(Publication.objects.get(pk=publication.pk)))


def test_no_archive_is_asked_about_it():
    claim = claim_with_protected_source(make.newsroom(archive_policy=Newsroom.Archive.SAVE))
    document = Evidence.objects.filter(document__url=URL).first().document
    preserving.begin(claim)

    assert not ArchiveJob.objects.filter(document=document).exists()
    job = ArchiveJob.objects.create(newsroom=claim.newsroom, document=document)  # opened before it was protected
    assert preserving.obstacle(job) == "A protected source is told to nobody."


def test_no_machine_model_is_sent_its_passages():
    claim = claim_with_protected_source()
    Consultation.objects.filter(claim=claim, job=Job.STANCE).delete()

    sent = passages_of(claim, claim.cycle)

    assert sent
    assert URL not in {one.document.url for one in sent}


def test_other_newsrooms_are_not_bound_by_it():
    claim_with_protected_source()

    publication = published(make.claim_in_review(drafts=drafts()))

    assert not is_silent(json.dumps(publication.content))
