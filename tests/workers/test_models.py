"""Machine models only suggest: what they say is found in the text or dropped, counted, paid for, never waited for."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal

import pytest

from claims import earlier
from claims.analysis import extraction
from claims.models import Article, Claim, Consultation, EarlierCheck, LedgerEntry, ModelCall
from tests import make
from tests.workers.loopback import http
from tests.workers.models_server import json_answer, model_server, says
from workers.tasks.consulting import consult_model

pytestmark = pytest.mark.django_db

QUIET = "Das Wetter war schön."  # the rules find no claim there


@pytest.fixture
def model(loopback_allowed):
    """A language model on loopback that nobody but the operator's own setting has allowed."""
    loopback_allowed.FETCH_ALLOWED_NETWORKS = []
    loopback_allowed.FETCH_PORTS = [443]
    with model_server() as served:
        loopback_allowed.MODEL_CHAT_URL = served.server.url("/v1")
        loopback_allowed.MODEL_CHAT_NAME = "parrot-7b"
        loopback_allowed.MODEL_CHAT_KEY = "secret-key"
        loopback_allowed.MODEL_SECONDS = 2
        yield served


def asked_about_article(**fields) -> Consultation:
    room = make.newsroom(**{"ask_models": True, **fields})
    article = make.article_read(room)
    waiting = Consultation.objects.get(article=article)
    consult_model(waiting.pk)
    return Consultation.objects.get(pk=waiting.pk)


def suggested(consultation: Consultation) -> list[Claim]:
    return list(Claim.objects.filter(article=consultation.article).exclude(suggested_by=""))


def test_a_statement_the_model_points_at_becomes_a_candidate_with_its_name(model):
    model.answers = [says({"claims": [QUIET]})]
    asked = asked_about_article()
    (claim,) = suggested(asked)
    assert (claim.text, claim.suggestion, claim.suggested_by) == (QUIET, "candidate", "parrot-7b")
    assert asked.article.text[claim.start : claim.end] == QUIET
    assert (asked.state, asked.model, asked.suggestions, asked.dropped) == ("done", "parrot-7b", [claim.pk], 0)
    entry = LedgerEntry.objects.get(kind="claim.submitted", claim=claim)
    assert entry.payload["suggested_by"] == "parrot-7b"
    assert entry.actor is None


def test_the_request_is_an_openai_chat_completion_with_the_article_as_data(model):
    model.answers = [says({"claims": []})]
    asked_about_article()
    (request,) = model.asked
    assert request["model"] == "parrot-7b"
    assert request["temperature"] == 0
    assert json.loads(request["messages"][1]["content"]) == {"article": make.ARTICLE}
    assert model.heads[0].startswith(b"POST /v1/chat/completions ")
    assert b"authorization: bearer secret-key" in model.heads[0].lower()


def test_an_invented_statement_is_dropped_and_counted(model):
    model.answers = [says({"claims": ["Die Stadt hat 9.999 Bäume gefällt.", QUIET, 7, {"quote": QUIET}]})]
    asked = asked_about_article()
    assert [claim.text for claim in suggested(asked)] == [QUIET]
    assert asked.dropped == 3


def test_what_the_rules_have_found_is_not_suggested_again(model):
    model.answers = [lambda request: says({"claims": [make.ARTICLE.split(". ")[0] + "."]})]
    asked = asked_about_article()
    assert suggested(asked) == []
    assert asked.state == "done"


def test_sources_are_not_asked_about_a_suggestion_before_a_person_picks_it(model):
    model.answers = [says({"claims": [QUIET]})]
    (claim,) = suggested(asked_about_article(gather_automatically="candidates"))
    assert claim.status == "submitted"
    assert not claim.lookups.exists()


def test_every_call_is_written_down_with_tokens_and_cost_but_without_the_text(model, settings):
    settings.MODEL_CHAT_PRICE_IN, settings.MODEL_CHAT_PRICE_OUT = Decimal("0.50"), Decimal("2")
    model.answers = [says({"claims": [QUIET]}, tokens=(1000, 200))]
    asked = asked_about_article(model_budget=Decimal("1"))
    call = ModelCall.objects.get(newsroom=asked.newsroom)
    assert (call.outcome, call.job, call.model) == ("answered", "claims", "parrot-7b")
    assert (call.tokens_in, call.tokens_out, call.cost) == (1000, 200, Decimal("0.000900"))
    assert len(call.prompt_sha256) == 64
    assert call.prompt == ""
    assert call.seconds is not None
    assert call.server == model.server.url("").removeprefix("http://").rstrip("/")


def test_without_the_servers_count_a_call_costs_the_most_it_can_have(model, settings):
    settings.MODEL_CHAT_PRICE_IN = Decimal("1")
    model.answers = [says({"claims": []}, tokens=None)]
    call = ModelCall.objects.get(newsroom=asked_about_article(model_budget=Decimal("1")).newsroom)
    assert call.tokens_in is None
    assert call.cost > Decimal(len(make.ARTICLE)) / 1_000_000


def test_beyond_its_budget_a_newsroom_asks_no_model_and_sees_why(model, settings):
    settings.MODEL_CHAT_PRICE_OUT = Decimal("100")
    model.answers = [says({"claims": [QUIET]})]
    asked = asked_about_article(model_budget=Decimal("0.01"))
    assert model.asked == []
    assert suggested(asked) == []
    assert "budget" in asked.note
    call = ModelCall.objects.get(newsroom=asked.newsroom)
    assert (call.outcome, call.cost) == ("not_asked", 0)


def test_the_prompt_is_kept_only_where_the_operator_wants_it(model, settings):
    settings.MODEL_KEEP_PROMPTS = True
    model.answers = [says({"claims": []})]
    call = ModelCall.objects.get(newsroom=asked_about_article().newsroom)
    assert "Eulenburg" in call.prompt


def test_a_newsroom_that_has_not_switched_models_on_is_not_asked_for(model):
    article = make.article_read(make.newsroom())
    assert not Consultation.objects.filter(article=article).exists()
    assert model.asked == []


def test_a_newsroom_that_switches_models_off_meanwhile_sends_nothing(model):
    room = make.newsroom(ask_models=True)
    waiting = Consultation.objects.get(article=make.article_read(room))
    room.ask_models = False
    room.save()
    consult_model(waiting.pk)
    assert model.asked == []
    assert "switched off" in Consultation.objects.get(pk=waiting.pk).note


@pytest.mark.parametrize(
    ("answer", "reason", "outcome", "again"),
    [
        (json_answer({"error": {}}, "Retry-After: 17", status="429 Too Many Requests"), "pause", "failed", True),
        (json_answer({"error": {}}, status="500 Internal Server Error"), "fault", "failed", True),
        (json_answer({"error": {}}, status="401 Unauthorized"), "refuses", "failed", False),
        (http(b'{"choices": [{"message": {"content": "{', "Connection: close"), "JSON", "unusable", False),
        (says('{"claims": ["Das Wet'), "JSON", "unusable", False),
        (says("[" * 50_000), "JSON", "unusable", False),
        (says({"claims": ["x" * 70_000]}), "longer", "unusable", False),
        (http(b" " * 4_000_001, "Connection: close"), "", "failed", False),
        (says({"verdict": "false"}), "lacks", "answered", False),
        (json_answer({"choices": []}), "no text", "unusable", False),
        (json_answer({}, "Location: http://169.254.169.254/", status="307 Temporary Redirect"), "", "failed", False),
    ],
    ids=["429", "500", "401", "cut", "cut-inside", "deep", "long", "huge", "other", "empty", "redirect"],
)
def test_a_failing_model_leaves_the_rules_result_with_a_note(model, answer, reason, outcome, again):
    model.answers = [answer]
    asked = asked_about_article()
    assert asked.note.startswith("The model could not be asked")
    assert reason in asked.note
    assert (asked.state == "open") is again
    assert ModelCall.objects.get(newsroom=asked.newsroom).outcome == outcome
    assert len(model.asked) == 1
    assert Article.objects.get(pk=asked.article_id).read_at is not None
    assert Claim.objects.filter(article=asked.article, suggested_by="").exists()
    assert not suggested(asked)


def test_a_slow_model_is_cut_off(model, settings):
    settings.MODEL_SECONDS = 1
    model.silent = True
    asked = asked_about_article()
    assert "longer than 1 seconds" in asked.note
    assert asked.state == "done"


def test_a_server_that_does_not_know_an_option_is_asked_plainly(model):
    refusal = json_answer({"error": {"message": "response_format"}}, status="400 Bad Request")
    model.answers = [refusal, says({"claims": [QUIET]})]
    assert suggested(asked_about_article())
    assert "response_format" not in model.asked[1]


def test_words_for_searching_are_plain_single_lines(model):
    hostile = "trees\x1b[31m Eulenburg\n<script>alert(1)</script> \u202e2024"
    model.answers = [
        lambda request: (
            says({"queries": [hostile, "x" * 300, None]})
            if "queries" in request["messages"][0]["content"]
            else says({"passages": []})
        )
    ]
    claim = make.claim_in_review(make.newsroom(ask_models=True))
    waiting = Consultation.objects.get(claim=claim, job="queries")
    consult_model(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.suggestions == ["trees[31m Eulenburg alert(1) 2024"]
    assert waiting.dropped == 2


def test_a_stance_stands_on_words_of_the_passage_and_changes_nothing(model):
    claim = make.claim_in_review(make.newsroom(ask_models=True))
    evidence = claim.evidence.order_by("-score", "pk")[0]
    before = (evidence.machine_stance, evidence.stance, evidence.score, claim.status)
    words = evidence.quote[:30]
    model.answers = [
        says(
            {
                "passages": [
                    {"number": 1, "stance": "disagrees", "quote": words},
                    {"number": 99, "stance": "agrees", "quote": words},
                    {"number": 1, "stance": "certainly", "quote": words},
                ]
            }
        )
    ]
    waiting = Consultation.objects.get(claim=claim, job="stance")
    consult_model(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.suggestions == [{"evidence": evidence.pk, "stance": "disagrees", "quote": words.strip()}]
    evidence.refresh_from_db()
    claim.refresh_from_db()
    assert (evidence.machine_stance, evidence.stance, evidence.score, claim.status) == before


def test_private_documents_are_not_sent(model):
    room = make.newsroom(ask_models=True)
    claim = make.claim_in_review(room, drafts=[make.draft(private=True, url="file:///own/1")])
    waiting = Consultation.objects.get(claim=claim, job="stance")
    consult_model(waiting.pk)
    assert model.asked == []
    waiting.refresh_from_db()
    assert "no passage" in waiting.note


def earlier_check(room, text: str):
    facts = extraction.facts(text, "en", None)
    return EarlierCheck.objects.create(
        newsroom=room, identifier=text, claim_text=text, language="en", keys=earlier.keys_of(text, "en", facts)
    )


@pytest.fixture
def embedder(model, settings):
    settings.MODEL_CHAT_URL = ""
    settings.MODEL_EMBEDDINGS_URL, settings.MODEL_EMBEDDINGS_NAME = model.server.url("/v1/"), "compass-small"
    return model


def similar(room) -> Consultation:
    earlier.forget_statistics()
    claim = make.claim_in_review(room, text="Eulenburg planted 1,250 trees in March 2024.")
    waiting = Consultation.objects.get(claim=claim, job="similar")
    consult_model(waiting.pk)
    waiting.refresh_from_db()
    return waiting


def test_embeddings_put_earlier_checks_in_an_order_beside_the_machines_own(embedder):
    room = make.newsroom(ask_models=True)
    far = earlier_check(room, "Eulenburg felled trees for a car park.")
    near = earlier_check(room, "Eulenburg planted 1,250 trees in spring.")
    embedder.answers = [
        lambda request: json_answer(
            {
                "data": [
                    {"index": place, "embedding": [1.0, 0.0 if "planted" in text else 1.0]}
                    for place, text in reversed(list(enumerate(request["input"])))
                ],
                "usage": {"prompt_tokens": 40, "total_tokens": 40},
            }
        )
    ]
    asked = similar(room)
    assert asked.suggestions == [{"check": near.pk, "score": 1.0}, {"check": far.pk, "score": 0.707}]
    assert (asked.model, asked.note) == ("compass-small", "")
    assert ModelCall.objects.get(consultation=asked).tokens_in == 40


@pytest.mark.parametrize(
    "data",
    [[], [{"index": 0, "embedding": [1.0]}], "x", [{"index": 0, "embedding": [1e9]}, {"index": 1, "embedding": [1]}]],
)
def test_embeddings_of_another_shape_are_not_used(embedder, data):
    room = make.newsroom(ask_models=True)
    earlier_check(room, "Eulenburg planted 1,250 trees in spring.")
    embedder.answers = [json_answer({"data": data})]
    asked = similar(room)
    assert asked.suggestions == []
    assert "one embedding per text" in asked.note


def test_a_local_model_without_its_extra_says_what_to_install(loopback_allowed):
    if importlib.util.find_spec("sentence_transformers"):
        pytest.skip("the extra is installed here")
    loopback_allowed.MODEL_EMBEDDINGS_FOLDER = "/models/compass"
    room = make.newsroom(ask_models=True)
    earlier_check(room, "Eulenburg planted 1,250 trees in spring.")
    assert "factcheck[embeddings]" in similar(room).note


@pytest.fixture
def judge(model, settings):
    settings.MODEL_CHAT_URL = ""
    settings.MODEL_ENTAILMENT_URL, settings.MODEL_ENTAILMENT_NAME = model.server.url("/nli"), "referee"
    return model


def judged() -> Consultation:
    claim = make.claim_in_review(make.newsroom(ask_models=True))
    waiting = Consultation.objects.get(claim=claim, job="entailment")
    consult_model(waiting.pk)
    waiting.refresh_from_db()
    return waiting


def test_entailment_is_a_note_beside_passages_and_changes_no_rank(judge):
    judge.answers = [
        lambda request: json_answer(
            [[{"label": "CONTRADICTION", "score": 0.9}, {"label": "neutral", "score": 0.1}] for _ in request["inputs"]]
        )
    ]
    asked = judged()
    evidence = list(asked.claim.evidence.order_by("-score", "pk"))
    expected = [{"evidence": one.pk, "label": "contradiction", "score": 0.9} for one in evidence]
    assert asked.suggestions == expected
    assert judge.asked[0]["inputs"][0] == {"text": evidence[0].quote, "text_pair": asked.claim.text}
    assert asked.claim.status == "in_review"
    assert {one.stance for one in evidence} == {""}


@pytest.mark.parametrize("told", [{}, [], [[{"label": "true", "score": 1}]] * 9, [{"label": "neutral", "score": 7}]])
def test_entailment_of_another_shape_is_not_used(judge, told):
    judge.answers = [json_answer(told)]
    asked = judged()
    assert asked.suggestions == []
    assert asked.note
