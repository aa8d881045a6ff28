"""Texts with marks: nothing of the text is lost, nothing of it becomes markup."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from claims.admin.marking import Mark, marked

TEXTS = st.text(alphabet="ab<>&\"'ä \n𝔘", max_size=40)


@given(text=TEXTS, spans=st.lists(st.tuples(st.integers(-2, 45), st.integers(-2, 45)), max_size=6))
def test_without_its_tags_the_markup_is_the_text(text: str, spans: list[tuple[int, int]]):
    shown = marked(text, [Mark(start, end, "d-x", title='"<>') for start, end in spans])
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == text


def test_where_marks_overlap_a_piece_carries_both():
    shown = marked("abcdef", [Mark(0, 4, "one"), Mark(2, 6, "two")])
    assert re.findall(r'class="([^"]*)" title="">(\w+)<', shown) == [("one", "ab"), ("one two", "cd"), ("two", "ef")]


def test_a_linked_mark_is_a_link_and_a_mark_outside_the_text_is_left_out():
    assert marked("abc", [Mark(0, 1, "x", href="/1/"), Mark(2, 9, "y")]) == '<a class="x" title="" href="/1/">a</a>bc'
