"""Words, quotation states, parse columns and windows of any text."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analyse.tagger_features import (
    QUOTES,
    EncodedText,
    Syntax,
    encode_text,
    find_windows,
    find_words,
    quote_states,
    stack_rows,
    window_rows,
)


class LetterEncoder:
    """One piece a character; stands for the real tokenizer."""

    def encode_batch(self, input: Any, is_pretokenized: bool = False, add_special_tokens: bool = True) -> Any:
        return [type("Encoding", (), {"ids": [ord(letter) for letter in word]})() for word in input]


def encode(text: str, syntax: Syntax | None = None) -> EncodedText:
    return encode_text(text, LetterEncoder(), {"NN": 1, "VB": 2}, {"nsubj": 1, "ROOT": 2}, syntax)


def states(text: str) -> list[tuple[str, str]]:
    starts, ends, paragraphs = find_words(text)
    found = quote_states(text, starts, ends, paragraphs)
    return [(text[a:b], QUOTES[s]) for a, b, s in zip(starts, ends, found, strict=True)]


def inside(text: str) -> list[str]:
    return [word for word, state in states(text) if state == "inside"]


def test_words_keep_hyphens_and_apostrophes_together() -> None:
    starts, ends, _ = find_words("The well-known U.S. envoy’s aide didn't go.")
    words = ["The well-known U.S. envoy’s aide didn't go."[a:b] for a, b in zip(starts, ends, strict=True)]
    assert words == ["The", "well-known", "U.S", ".", "envoy’s", "aide", "didn't", "go", "."]


def test_quotation_of_all_styles_is_seen() -> None:
    for text in ("“We left,” she said.", '"We left," she said.', "''We left,'' she said.", "«We left,» she said."):
        assert inside(text) == ["We", "left", ","], text


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    assert inside("“We left.\nThey came.") == ["We", "left", "."]


def test_an_apostrophe_opens_nothing() -> None:
    assert inside("The sailors' boats and the '90s.") == []


def test_a_parse_gives_each_word_its_head() -> None:
    text = "Envoys’ aides left"
    syntax = Syntax([0, 6, 8, 14], ["NN", "NN", "NN", "VB"], ["poss", "case", "nsubj", "ROOT"], [2, 0, 3, 3])
    encoded = encode(text, syntax)
    assert encoded.starts.tolist() == [0, 6, 8, 14]
    assert encoded.heads.tolist() == [2, 0, 3, 3]
    assert encoded.relations.tolist() == [0, 0, 1, 2]


@given(st.text(max_size=400), st.integers(12, 60))
def test_windows_hold_every_word_once_in_order(text: str, budget: int) -> None:
    encoded = encode(text)
    windows = find_windows(encoded, budget)
    assert [word for w in windows for word in range(w.first, w.last)] == list(range(len(encoded)))
    for window in windows:
        columns, places = window_rows(encoded, window, 1, 2)
        assert (np.diff(places) > 0).all()
        assert len(columns["ids"]) <= budget + 2 or window.last - window.first == 1
        assert columns["heads"].max() < len(columns["ids"])
        assert (columns["ids"][places] == encoded.pieces[encoded.bounds[window.first : window.last]]).all()


@given(st.text(max_size=300))
def test_offsets_are_those_of_the_text(text: str) -> None:
    encoded = encode(text)
    pairs = zip(encoded.starts, encoded.ends, encoded.ends, strict=True)
    assert all(0 <= a < b <= len(text) for a, b, _ in pairs)
    assert (encoded.starts[1:] >= encoded.ends[:-1]).all()
    assert len(encoded.bounds) == len(encoded) + 1
    assert (np.diff(encoded.bounds) > 0).all()


def test_shorter_windows_are_padded_and_masked() -> None:
    encoded = encode("One two three.\nFour.")
    rows = [window_rows(encoded, w, 1, 2)[0] for w in find_windows(encoded, 14)]
    stacked = stack_rows(rows)
    assert stacked["mask"].sum(1).tolist() == [len(row["ids"]) for row in rows]
