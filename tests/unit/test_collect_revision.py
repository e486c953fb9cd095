"""Revisions: what counts as a new published state, and of which kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.revision import ArticleText, decide_revision

TEXT = ArticleText(
    headline="Dam holds at Quill",
    body="The dam held through the night, officials said.\nThree villages were not evacuated, the county said.",
    dateline="QUILL, Nov 23 (Wire) -",
    sign_off="(Reporting by Ada Quill)",
    extractor="2",
)


def test_the_first_state_is_the_original_unless_the_wire_says_otherwise() -> None:
    assert decide_revision(None, TEXT).kind == "original"
    assert decide_revision(None, TEXT, ("update",)).kind == "original"
    assert decide_revision(None, TEXT, ("correction", "update")).kind == "correction"
    assert decide_revision(None, TEXT, ("withdrawn",)).kind == "withdrawn"


def test_the_same_words_are_no_revision_however_they_are_spaced() -> None:
    spaced = replace(TEXT, body=TEXT.body.replace(" ", "  ").replace("\n", "\n\n"))
    assert decide_revision(TEXT, spaced).reason == "unchanged"
    assert decide_revision(TEXT, TEXT, ("correction",)).kind is None


@given(
    st.builds(ArticleText, st.text(), st.text(), st.text(), st.text()), st.lists(st.sampled_from(["update", "repeat"]))
)
def test_nothing_is_a_revision_of_itself(text: ArticleText, kinds: list[str]) -> None:
    assert decide_revision(text, text, tuple(kinds)).kind is None  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["headline", "body", "dateline", "sign_off"])
def test_each_part_that_changes_makes_a_revision(part: str) -> None:
    changed = replace(TEXT, **{part: getattr(TEXT, part) + " Two more facts came out."})
    decision = decide_revision(TEXT, changed)
    assert (decision.kind, decision.changed, decision.is_trivial) == ("update", (part,), False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the night, officials", "the night – officials"),
        ("The dam held", "the dam held"),
        ("officials said", "offcials said"),
        ("evacuated,", "evacuated;"),
    ],
)
def test_commas_capitals_and_spelling_are_trivial(old: str, new: str) -> None:
    decision = decide_revision(TEXT, replace(TEXT, body=TEXT.body.replace(old, new)))
    assert (decision.kind, decision.is_trivial) == ("update", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("were not evacuated", "were now evacuated"),
        ("were not evacuated", "were evacuated"),
        ("Three villages", "Thirteen villages"),
        ("Nov 23", "Nov 24"),
        ("Quill", "Quail"),
        ("officials", "witnesses"),
        ("said", "denied"),
    ],
)
def test_what_changes_the_sense_is_not_trivial(old: str, new: str) -> None:
    changed = ArticleText(
        *(part.replace(old, new) for part in (TEXT.headline, TEXT.body, TEXT.dateline)), extractor="2"
    )
    assert not decide_revision(replace(TEXT, sign_off=""), changed).is_trivial


def test_the_strongest_mark_names_the_kind_and_is_never_trivial() -> None:
    changed = replace(TEXT, headline="Dam Holds At Quill")
    assert decide_revision(TEXT, changed).is_trivial
    decision = decide_revision(TEXT, changed, ("update", "correction"))
    assert (decision.kind, decision.is_trivial) == ("correction", False)


def test_a_new_extractor_is_not_a_publication() -> None:
    changed = replace(TEXT, body="Something else", extractor="3")
    assert decide_revision(TEXT, changed).reason == "other_extractor"


def test_a_page_replaces_a_summary_and_never_the_other_way_round() -> None:
    summary = replace(TEXT, body="The dam held.", text_basis="feed summary", extractor="")
    assert decide_revision(summary, TEXT).kind == "update"
    assert decide_revision(TEXT, summary).reason == "lesser_basis"
