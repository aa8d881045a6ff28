"""Learned weights survive being stored, and what is no set of weights is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis.checkworthiness import HAND, Weights
from claims.analysis.weights import from_json, to_json

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(max_size=12)


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    candidate, claim = sorted(draw(st.tuples(st.floats(0, 1), st.floats(0, 1))))
    return Weights(
        bias=draw(FINITE),
        features=draw(st.dictionaries(NAMES, FINITE, max_size=5)),
        grams=draw(st.dictionaries(NAMES, st.tuples(FINITE, FINITE), max_size=5)),
        claim=claim,
        candidate=candidate,
        origin=draw(NAMES),
    )


@given(weights())
def test_weights_come_back_from_json_as_they_were(given_: Weights) -> None:
    assert from_json(json.loads(json.dumps(to_json(given_)))) == given_


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("form", 2),
        ("bias", None),
        ("bias", float("nan")),
        ("bias", True),
        ("features", []),
        ("features", {"numbers": "1"}),
        ("grams", {"w:ship": [1.0]}),
        ("grams", {"w:ship": [1.0, float("inf")]}),
        ("claim", 1.5),
        ("candidate", 0.9),
        ("origin", 7),
    ],
)
def test_anything_else_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_json({**to_json(HAND), name: value})


@pytest.mark.parametrize("value", [None, [], "weights", {}])
def test_what_is_no_object_of_weights_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="form 1"):
        from_json(value)
