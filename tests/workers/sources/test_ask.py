import io

import pytest
from django.core.management import CommandError, call_command

from tests.workers.sources.conftest import as_text

GOAT = "A goat tested the fence in Eulenburg."


@pytest.mark.django_db
def test_all_sources_are_listed_with_what_they_lack(settings):
    settings.BRAVE_KEY = ""
    settings.FEED_URLS = []
    out = io.StringIO()
    call_command("ask", stdout=out)
    shown = out.getvalue()
    for word in ("wikipedia", "gdelt", "BRAVE_KEY", "FEED_URLS"):
        assert word in shown


def test_hits_are_shown_with_where_they_are_from(service):
    out = io.StringIO()
    article = {"url": "https://bote.example/goat", "title": "A goat [at] the fence", "domain": "bote.example"}
    service.on("/", {"articles": [article]})
    call_command("ask", "gdelt", GOAT, lang="en", stdout=out)
    assert "1. A goat [at] the fence" in out.getvalue()
    assert "https://bote.example/goat" in out.getvalue()
    assert "to be fetched" in out.getvalue()


def test_nothing_found_is_not_the_same_as_not_asked(service):
    out = io.StringIO()
    service.on("/", {})
    call_command("ask", "gdelt", GOAT, lang="en", stdout=out)
    assert "was searched and has nothing" in out.getvalue()

    service.on("/", as_text("Please limit requests to one every 5 seconds."))
    with pytest.raises(CommandError, match=r"could not be asked.*Try again in 60 s") as refusal:
        call_command("ask", "gdelt", "Another fence entirely", lang="en")
    assert refusal.value.returncode == 3


def test_what_cannot_be_asked_is_said_in_one_sentence(settings):
    settings.BRAVE_KEY = ""
    with pytest.raises(CommandError, match=r"no source called 'nobody'.*wikipedia"):
        call_command("ask", "nobody", GOAT)
    with pytest.raises(CommandError, match=r"switched off: .*BRAVE_KEY"):
        call_command("ask", "brave", GOAT)
    with pytest.raises(CommandError, match="Say what to ask"):
        call_command("ask", "brave")
