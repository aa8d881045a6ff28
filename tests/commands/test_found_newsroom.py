"""A desk begins with one command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import Newsroom, User
from claims.workflow import Permission

pytestmark = pytest.mark.django_db


def test_a_newsroom_begins_with_a_scale_and_a_person_who_can_log_in():
    said = StringIO()
    call_command("found_newsroom", "Harbour Desk", person="alba", stdout=said)
    room, alba = Newsroom.objects.get(slug="harbour-desk"), User.objects.get(username="alba")
    assert room.ratings.count() == 6
    assert alba.may(Permission.ADMINISTER, room) and alba.may(Permission.APPROVE, room)
    password = said.getvalue().split("Password of alba: ")[1].split(". It is")[0]
    assert alba.check_password(password)


def test_a_person_who_exists_keeps_their_password():
    alba = User.objects.create_user("alba", password="correct horse battery")
    call_command("found_newsroom", "Harbour Desk", person="alba", stdout=StringIO())
    alba.refresh_from_db()
    assert alba.check_password("correct horse battery")


def test_an_unknown_role_is_refused_and_nothing_is_founded():
    with pytest.raises(CommandError, match="Choose roles"):
        call_command("found_newsroom", "Harbour Desk", person="alba", roles="king", stdout=StringIO())
    assert not Newsroom.objects.exists() and not User.objects.exists()
