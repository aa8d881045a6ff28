"""Signatures of webhooks, against the standard's own vector."""

from __future__ import annotations

import json
from pathlib import Path

from claims import signing

BODY = b'{"type":"claim.moved"}'


def test_the_signature_is_the_one_of_the_standard_s_vector(shared: Path) -> None:
    vector = json.loads((shared / "samples" / "standard_webhooks" / "test_vector.json").read_text())

    assert vector["webhook-signature"] == signing.signature(
        vector["secret"],
        id=vector["webhook-id"],
        timestamp=int(vector["webhook-timestamp"]),
        body=vector["payload"].encode(),
    )


def test_a_receiver_accepts_what_we_sign_and_nothing_else() -> None:
    secret, other = signing.new_secret(), signing.new_secret()
    given = signing.headers([secret], id="evt_1_2", timestamp=1000, body=BODY)

    assert signing.fits(secret, given, BODY, now=1100)
    assert not signing.fits(other, given, BODY, now=1100)
    assert not signing.fits(secret, given, BODY + b" ", now=1100)
    assert not signing.fits(secret, given, BODY, now=1301)
    assert not signing.fits(secret, {**given, "webhook-id": "evt_1_3"}, BODY, now=1100)
    assert not signing.fits(secret, {}, BODY, now=1100)


def test_while_a_secret_is_replaced_both_are_good() -> None:
    old, new = signing.new_secret(), signing.new_secret()
    given = signing.headers([new, old], id="evt_1_2", timestamp=1000, body=BODY)

    assert signing.fits(old, given, BODY, now=1000)
    assert signing.fits(new, given, BODY, now=1000)
