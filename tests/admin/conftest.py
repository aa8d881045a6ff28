"""Signed-in people of the test world."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.models import User

SignIn = Callable[[User], Client]


@pytest.fixture
def signed_in(db: None) -> SignIn:
    """A browser in which this person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
