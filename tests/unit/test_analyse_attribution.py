"""Who is said to have said what, by the parse."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.attribution import RawAttribution, find_attributions
from pipeline.analyse.language import parse_text, parse_texts, split_windows
from pipeline.analyse.lexicon import read_table
from pipeline.analyse.quotations import find_quotations
from pipeline.annotate import annotate


@dataclass(frozen=True)
class Said:
    source: str | None
    cue: str
    content: tuple[str, ...]
    quote: str


def read(text: str) -> list[tuple[Said, RawAttribution]]:
    def words(span: tuple[int, int] | None) -> str | None:
        return None if span is None else text[span[0] : span[1]]

    return [
        (Said(words(r.source), words(r.cue) or "", tuple(text[a:b] for a, b in r.content), r.quote), r)
        for r in find_attributions(parse_text(text))
    ]


def said(text: str) -> list[Said]:
    return [found for found, _ in read(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The minister said that the bridge was safe.", Said("The minister", "said", ("the bridge was safe",), "indirect")),
        ("“The bridge is safe,” the minister said.", Said("the minister", "said", ("The bridge is safe",), "direct")),
        ("“The bridge is safe,” said Ada Moor.", Said("Ada Moor", "said", ("The bridge is safe",), "direct")),
        ("The army, he said, was ready to leave.", Said("he", "said", ("The army", "was ready to leave"), "indirect")),
        ("The road is shut, according to the police.", Said("the police", "according to", ("The road is shut",), "indirect")),
        ("Tovia accused Ruvia of jamming its radar.", Said("Tovia", "accused", ("jamming its radar",), "indirect")),
        ("The council called on both sides to stop.", Said("The council", "called on", ("stop",), "indirect")),
        ("He described the vote as a “bad joke”.", Said("He", "described", ("bad joke",), "direct")),
        ("The firm denied that it had paid.", Said("The firm", "denied", ("it had paid",), "indirect")),
        ("The palace has yet to confirm the report.", Said("The palace", "has yet to confirm", ("the report",), "indirect")),
        ("The ministry declined to comment.", Said("The ministry", "declined to comment", (), "indirect")),
        ("The firm did not respond to a request for comment.", Said("The firm", "did not respond", (), "indirect")),
        ("He was quoted as saying that talks had failed.", Said("He", "saying", ("talks had failed",), "indirect")),
    ],
)  # fmt: skip
def test_constructions(text: str, wanted: Said) -> None:
    assert wanted in said(text)


def test_a_noun_of_saying_stands_inside_the_claim_that_leaves_it_open() -> None:
    found = read("Ruvia has yet to confirm Tovia’s assertion that its jets crossed the border.")
    inner = next(raw for one, raw in found if one.cue == "assertion")
    assert found[inner.parent or 0][0].cue == "has yet to confirm"
    assert [one.source for one, _ in found] == ["Ruvia", "Tovia"]


def test_a_quotation_over_sentences_is_one_content() -> None:
    found = said("“We have seen the letter. It is a fake,” Ada Moor told reporters.")
    assert [one.content for one in found] == [("We have seen the letter. It is a fake",)]


def test_a_split_quotation_belongs_to_one_speaker() -> None:
    found = said("“We have seen the letter,” Ada Moor said. “It is a fake and we will prove it.”")
    assert [(one.source, len(one.content)) for one in found] == [("Ada Moor", 2)]


def test_a_quotation_goes_on_over_paragraphs() -> None:
    found = said("“We have seen the letter,” Ada Moor said. “It is long.\n“Nobody has read it to the end yet.”\n")
    assert [one.source for one in found] == ["Ada Moor"]
    assert found[0].content[-1] == "Nobody has read it to the end yet"


def test_a_participle_has_the_doer_of_its_verb() -> None:
    found = said("“We won,” he said, describing the match as a “small miracle”.")
    assert [(one.source, one.cue) for one in found] == [("he", "said"), ("he", "describing")]


def test_the_voice_of_the_wire_is_no_content() -> None:
    (found,) = said("The union says ten people were hurt, while the road is quiet again.")
    assert found.content == ("ten people were hurt",)


def test_a_time_behind_the_cue_is_no_content() -> None:
    (found,) = said("The group said on Tuesday it had stolen the files.")
    assert found.content == ("it had stolen the files",)


@pytest.mark.parametrize(
    "text",
    [
        "The council will announce its decision in June.",
        "If the minister says the bridge is safe, the market will reopen.",
        "The storm denied the town its only link to the coast.",
        "She was denied parole in April.",
        "A clerk asked not to be named.",
        "The gates were opened according to plan.",
        "The engines did not respond.",
        "Exports declined for the third month.",
        "Moscow’s forces have advanced over the past several months.",
    ],
)
def test_nobody_says_anything(text: str) -> None:
    assert said(text) == []


def test_a_sign_of_possession_is_no_part_of_the_source() -> None:
    assert said("The mayor’s claim that the dam was safe was tested.")[0].source == "The mayor"


def test_every_row_of_the_lexicon_fires_on_its_example() -> None:
    rows = list(read_table("cue_verbs"))
    docs = parse_texts([row["example"] for row in rows])
    silent = [
        (row["lemma"], row["pattern"])
        for row, doc in zip(rows, docs, strict=True)
        if row["lemma"] not in {raw.lemma for raw in find_attributions(doc)}
    ]
    assert len(silent) <= len(rows) // 100, silent


def test_an_apostrophe_is_no_quotation_mark() -> None:
    doc = parse_text("The captain’s crew don’t say it's over, but the pilots' union does.")
    assert find_quotations(doc) == []


def test_a_stray_mark_does_not_turn_the_rest_around() -> None:
    text = 'The 6" pipe broke.\n"We saw it," he said. "It was loud."\n'
    doc = parse_text(text)
    assert [doc[q.first : q.last].text for q in find_quotations(doc)][-2:] == ["We saw it,", "It was loud."]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab .,“”\"'‘’\n\r\t🙂ש—()said ")), max_size=120))
def test_spans_hold_on_any_text(text: str) -> None:
    doc = parse_text(text)
    assert doc.text == text
    for raw in find_attributions(doc):
        for span in (raw.source, raw.cue, *raw.content):
            assert span is None or (0 <= span[0] < span[1] <= len(text) and text[slice(*span)].strip())


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("word. \n")), max_size=20).map(lambda part: part * 700))
def test_windows_give_the_text_back(text: str) -> None:
    assert "".join(split_windows(text)) == text


def test_who_can_confirm_is_told_by_a_dictionary_of_persons_not_by_a_list_of_offices() -> None:
    for speaker in ("the diocese", "a goatherd", "the stevedores", "the bassoonist"):
        text = f"The statue is back in its niche after forty years, {speaker} confirmed."
        (claim,) = annotate(text)["claims"]
        assert claim["act"] == "confirm"
    assert annotate("The third goal confirmed that the cup was theirs.")["claims"] == []
