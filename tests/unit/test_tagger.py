"""The shipped tagger on invented copy: what it finds, and that no text breaks it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.tagger import MODEL, AttributionTagger, TaggedAttribution, get_tagger
from pipeline.analyse.tagger_decode import Piece
from pipeline.analyse.tagger_kind import KINDS, decide_kind, read_kinds
from pipeline.analyse.tagger_link import Draft, LinkVectors, decide_kept, link_pieces
from pipeline.errors import SettingsError

STORIES = [
    ("The mayor of Ostrana said on Monday that the bridge was safe.", "mayor", "said", "bridge was safe"),
    ("“The harbour is closed,” Lena Varga told reporters.", "Lena Varga", "told", "harbour is closed"),
    ("According to the harbour office, ten boats were lost.", "harbour office", "According to", "ten boats were lost"),
    ("The dam will hold, the engineer insisted.", "engineer", "insisted", "dam will hold"),
    ("Villagers believe the old mill is haunted.", "Villagers", "believe", "mill is haunted"),
]


def words(text: str, attribution: TaggedAttribution, role: str) -> str:
    return " … ".join(text[a:b] for a, b in getattr(attribution, role))


@pytest.mark.parametrize(("text", "source", "cue", "content"), STORIES)
def test_plain_attributions_are_found(text: str, source: str, cue: str, content: str) -> None:
    (found,) = get_tagger().tag(text)
    assert source in words(text, found, "source")
    assert cue in words(text, found, "cue")
    assert content in words(text, found, "content")
    assert 0 < found.confidence <= 1


def test_a_statement_in_the_agencys_own_voice_is_nobodys() -> None:
    assert get_tagger().tag("The ferry left at noon and reached the island before dark.") == []


def test_a_batch_reads_as_each_text_alone() -> None:
    texts = [text for text, *_ in STORIES] * 3 + [""]
    alone = [get_tagger().tag(text) for text in texts]
    for one, together in zip(alone, get_tagger().tag_batch(texts), strict=True):
        assert [(a.source, a.cue, a.content) for a in one] == [(a.source, a.cue, a.content) for a in together]


def test_an_attribution_inside_another_names_its_parent() -> None:
    text = "The minister said on Friday that the envoy had told reporters the talks were over."
    found = get_tagger().tag(text, flat=False)
    outer = next(a for a in found if a.parent is None)
    assert "minister" in words(text, outer, "source")
    for inner in found:
        if inner.parent is not None:
            (start, end), *_ = found[inner.parent].content
            assert any(start <= a and b <= end for a, b in inner.cue)


def check(text: str, found: list[TaggedAttribution]) -> None:
    for attribution in found:
        assert attribution.cue
        assert attribution.content
        assert attribution.kind in KINDS
        for role in ("source", "cue", "content"):
            spans = getattr(attribution, role)
            assert all(0 <= a < b <= len(text) and text[a:b].strip() == text[a:b] for a, b in spans)
            assert list(spans) == sorted(spans)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "said",
                "“",
                "”",
                "''",
                "she",
                "that",
                "🚢",
                "\n",
                "قال",
                "\u200f",
                ":",
                "told",
                ".",
                "\x00",
                "\u2028",
                "é",
                "U.S.",
                "—",
                "'",
                "\r\n",
                "x" * 60,
            ]
        )
    ).map(" ".join)
)
def test_odd_texts_give_true_offsets(text: str) -> None:
    check(text, get_tagger().tag(text, flat=False))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_true_offsets(text: str) -> None:
    check(text, get_tagger().tag(text))


@pytest.mark.slow
def test_a_long_line_without_a_full_stop_is_read() -> None:
    text = "the envoy said the boats left and the mayor said they came back and " * 750
    found = get_tagger().tag(text)
    check(text, found)
    assert len(found) > 100


def test_a_model_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make train"):
        AttributionTagger.load(tmp_path)
    for name in ("model.toml", "tokenizer.json"):
        (tmp_path / name).write_bytes((MODEL / name).read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"not the network")
    with pytest.raises(SettingsError, match="not the network"):
        AttributionTagger.load(tmp_path)


def test_the_model_is_small_and_names_its_version() -> None:
    assert (MODEL / "model.onnx").stat().st_size < 40_000_000
    assert get_tagger().version.startswith(get_tagger().settings.version)


@pytest.mark.parametrize(
    ("cue", "kind"),
    [("told reporters", "speech"), ("wrote in a letter", "writing"), ("are said to believe", "speech"),
     ("fear", "belief"), ("plans", "intention"), ("have yet to zibble", "speech"), (":", "speech")],
)  # fmt: skip
def test_the_kind_is_that_of_the_first_known_word(cue: str, kind: str) -> None:
    assert decide_kind(cue) == kind


def test_each_row_of_the_table_of_kinds_fires_in_its_example() -> None:
    rows = (MODEL / "cue_kinds.tsv").read_text(encoding="utf8").splitlines()
    for row in rows:
        if row.startswith("#") or row.startswith("lemma\t"):
            continue
        _, forms, kind, example = row.split("\t")
        assert kind in KINDS
        assert any(form in example.lower() for form in forms.split()), row
        assert all(read_kinds()[form] == kind for form in forms.split()), row


def vectors(size: int, cue_at: int, source_at: int | None) -> LinkVectors:
    """Every content asks for the cue at one word, every cue for the source at another (None: for no source)."""
    axis, zero = np.zeros((size, 4)), np.zeros((size, 4))
    axis[:, 0] = 20.0
    cue, source, nothing = zero.copy(), zero.copy(), np.zeros(4)
    cue[cue_at, 0] = 1.0
    if source_at is None:
        nothing[0] = 1.0
    else:
        source[source_at, 0] = 1.0
    return LinkVectors(axis, cue, axis, source, nothing)


def propose(role: str, word: int) -> Piece:
    return Piece(role, word, word + 1, 0.2)


SOURCE, CUE, CONTENT = Piece("source", 0, 1, 0.9), Piece("cue", 1, 2, 0.9), Piece("content", 2, 5, 0.8)


def test_content_goes_to_the_cue_it_asks_for() -> None:
    other = Piece("cue", 5, 6, 0.9)
    (draft,) = link_pieces([SOURCE, CUE, CONTENT, other], vectors(6, 1, 0), propose)
    assert (draft.source, draft.cue, draft.content) == ((SOURCE,), CUE, (CONTENT,))


def test_a_cue_may_have_no_source() -> None:
    (draft,) = link_pieces([SOURCE, CUE, CONTENT], vectors(6, 1, None), propose)
    assert draft.source == ()


def test_a_missed_cue_is_taken_where_the_content_points_to_it() -> None:
    assert link_pieces([SOURCE, CONTENT], vectors(6, 5, 0), propose) == []
    (draft,) = link_pieces([SOURCE, CONTENT], vectors(6, 5, 0), propose, rescue=0.5)
    assert draft.cue == Piece("cue", 5, 6, 0.2)


def test_a_missed_cue_never_covers_another_piece() -> None:
    (draft,) = link_pieces([SOURCE, CUE, CONTENT], vectors(6, 3, 0), propose, rescue=0.5)
    assert draft.cue == CUE


def test_a_further_content_that_points_to_a_missed_cue_goes() -> None:
    second = Piece("content", 6, 8, 0.7)
    links = vectors(10, 1, 0)
    links.cue[9, 1] = 1.0
    links.asks_cue[6:8, 1] = 40.0
    (loose,) = link_pieces([SOURCE, CUE, CONTENT, second], links, propose)
    assert loose.content == (CONTENT, second)
    (held,) = link_pieces([SOURCE, CUE, CONTENT, second], links, propose, bond=0.5)
    assert held.content == (CONTENT,)


def test_doubtful_attributions_and_pieces_go() -> None:
    sure, weak = Piece("content", 2, 3, 0.9), Piece("content", 4, 5, 0.1)
    kept = decide_kept([Draft((), CUE, (sure, weak), 0.5)], keep=0.4, extra=0.2)
    assert [d.content for d in kept] == [(sure,)]
    assert decide_kept([Draft((), Piece("cue", 1, 2, 0.2), (weak,), 0.1)], keep=0.4, extra=0.2) == []


def test_a_text_reads_the_same_alone_and_beside_others() -> None:
    texts = [
        "The mayor said on Monday that the bridge was safe, but the chamber denied it had approved the repairs.",
        "“We have heard knocking,” said a driller. Officials have yet to confirm the union's assertion.",
        "A short line.",
    ]
    tagger = get_tagger()
    assert tagger.tag_batch(texts) == [tagger.tag(text) for text in texts]
