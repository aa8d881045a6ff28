"""What does not even reach an operation is told in the API's one shape, too; pages are for people."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from factcheck import errorpages


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v2/claims/", "/api/v1/nope/", "/api/v1/claims/abc/", "/api/v1/claims/a%0Ab/", "/api/v1/%F3/"],
)
def test_an_address_of_nothing_is_told_as_every_other_error(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert (answer.json()["type"], error["code"], error["attr"]) == ("client_error", "not_found", None)
    assert error["detail"].startswith("There is nothing at this address")
    german = Client().get(path, headers={"Accept-Language": "de"})
    assert german.json()["errors"][0]["detail"].startswith("Unter dieser Adresse gibt es nichts")


@pytest.mark.django_db
def test_people_get_a_page_where_there_is_nothing() -> None:
    assert Client().get("/nope/")["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_a_request_for_another_host_is_turned_away_in_the_same_shape(settings) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]
    assert Client().get("/api/v1/claims/").json()["errors"][0]["code"] == "bad_request"


def test_what_breaks_outside_of_an_operation_is_told_in_the_same_shape() -> None:
    answer = errorpages.broken(RequestFactory().get("/api/v1/claims/"))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")
