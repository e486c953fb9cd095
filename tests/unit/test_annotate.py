"""One text in, the contract of ``wire annotate`` out."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipeline.analyse.attribution import find_attributions
from pipeline.analyse.language import parse_texts
from pipeline.analyse.merge import merge, said_words
from pipeline.analyse.tagger import TaggedAttribution
from pipeline.annotate import (
    AnnotationRequest,
    analyser_version,
    annotate,
    annotate_batch,
    read_annotation,
    read_annotations,
    read_revisions,
    render_annotation,
)
from pipeline.errors import UsageError
from pipeline.evaluate.seed import false_spans

STORY = (
    "OSLO, Oct 17 (Meridian) - Finland’s foreign minister Aino Laine accused Norway on Tuesday of jamming its radar.\n"
    "“We have the recordings. They are clear,” Laine told a news conference in Helsinki.\n"
    "She said about 30 flights had been turned back. Norway denied the accusation.\n"
    "Meridian could not independently verify the recordings. The airline did not respond to a request for comment.\n"
    "(Reporting by Tor Vik; Editing by Una Dahl)"
)


def test_the_story_as_a_reader_would_put_it() -> None:
    found = annotate(STORY, "2024-10-17T18:00:00Z")
    names = {entity["id"]: entity["name"] for entity in found["entities"]}
    claims = [(names.get(c["sources"][0]["entity"]), c["act"], c["polarity"]) for c in found["claims"]]
    assert (
        claims
        == [
            ("Aino Laine", "accuse", "positive"),
            ("Aino Laine", "state", "positive"),
            ("Aino Laine", "state", "positive"),
            ("Norway", "deny", "negative"),
            ("Meridian", "not_confirm", "unknown"),
            (None, "no_response", "unknown"),
        ]
        or claims[-1][1] == "no_response"
    )
    accused, told = found["claims"][:2]
    assert (accused["said"]["from"], accused["said"]["text"]) == ("2024-10-15", "on Tuesday")
    assert next((names[e["entity"]], e["role"]) for e in accused["entities"]) == ("Norway", "target")
    assert told["setting"] == {"occasion": "news conference", "place": "Helsinki"}
    assert told["content"][0]["text"] == "We have the recordings. They are clear"


def test_who_wrote_the_story_says_nothing_in_it() -> None:
    found = annotate(STORY)
    sources = {source["text"] for claim in found["claims"] for source in claim["sources"]}
    assert not {"Tor Vik", "Una Dahl"} & sources
    assert [credit["name"] for credit in found["sign_off"]["reporting"]] == ["Tor Vik"]


def test_the_contract_is_plain_json_with_true_spans() -> None:
    found = annotate(STORY, "2024-10-17T18:00:00Z")
    assert json.loads(json.dumps(found)) == found
    assert list(false_spans(STORY, found)) == []
    assert set(found) == {
        "dateline", "sign_off", "byline", "advisory", "tags", "slug", "embargo_until", "notices", "body", "entities",
        "claims", "links",
    }  # fmt: skip
    assert set(found["claims"][0]) >= {
        "id", "sources", "cue", "content", "plain_text", "quote", "act", "polarity", "certainty", "triggers", "said",
        "setting", "entities", "quantities", "parent", "parent_kind", "confidence",
    }  # fmt: skip


def test_a_batch_reads_as_each_by_itself() -> None:
    texts = [STORY, "", "The mayor said the road was open."]
    assert annotate_batch(texts, "2024-10-17T18:00:00Z") == [annotate(text, "2024-10-17T18:00:00Z") for text in texts]


def test_an_alert_is_its_headline() -> None:
    found = read_annotation("", headline="Finland says 12 died in blast at Turku port")
    assert [claim.text_part for claim in found.claims] == ["headline"]
    assert {mention.text_part for entity in found.entities for mention in entity.mentions} == {"headline"}


def test_a_headline_over_a_body_is_not_read_twice() -> None:
    found = read_annotation("The mayor said the road was open.", headline="Mayor says road open")
    assert [claim.text_part for claim in found.claims] == ["body"]


def test_a_revision_that_fails_stops_no_other() -> None:
    at = datetime(2024, 10, 17, tzinfo=UTC)
    good, bad = read_revisions([("", "The mayor said the road was open.", at, None), ("", "x" * 4_100_000, at, None)])
    assert not isinstance(good, Exception)
    assert isinstance(bad, Exception)
    assert "too_long" in str(bad)


def test_a_time_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="not an ISO time: 'Thursday'"):
        annotate("The mayor said the road was open.", "Thursday")


def test_the_sentence_reads_alone() -> None:
    found = annotate(STORY, "2024-10-17T18:00:00Z")
    plain = [claim["plain_text"] for claim in found["claims"]]
    assert plain[2] == "Aino Laine said about 30 flights had been turned back."
    assert all(sentence[0].isupper() and sentence[-1] in ".!?”" for sentence in plain)


def test_the_version_names_code_model_and_tables() -> None:
    assert analyser_version() == analyser_version()
    assert "en_core_web_sm" in analyser_version()


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_person_sees_every_claim_at_any_width(width: int) -> None:
    annotation = read_annotation(STORY, "2024-10-17T18:00:00Z")
    console = Console(width=width, record=True, color_system=None, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(render_annotation(STORY, annotation))
    shown = console.export_text()
    assert all(len(line) <= width for line in shown.splitlines())
    assert f"{len(annotation.claims)} claims by" in shown
    for words in ("accuses", "denies", "does not confirm", "no response", "Aino Laine", "15 Oct 2024"):
        assert words.split(" ")[0] in shown


def test_a_text_without_claims_says_so() -> None:
    text = "The tower fell."
    console = Console(width=80, record=True, color_system=None, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(render_annotation(text, read_annotation(text)))
    assert "No claim found" in console.export_text()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*STORY.split(" "), "“", "”", "\n", "\r\n", "🙂", "שלום", "'", '"']), max_size=60))
def test_any_mixture_of_words_keeps_its_spans(words: list[str]) -> None:
    text = " ".join(words)
    assert list(false_spans(text, annotate(text, "2024-10-17T18:00:00Z"))) == []


def test_requests_keep_their_own_day() -> None:
    text = "The mayor said on Monday the road was open."
    requests = [AnnotationRequest(text, datetime(2024, 10, day, 12, tzinfo=UTC)) for day in (15, 29)]
    days = [found.claims[0].said.from_on for found in read_annotations(requests)]
    assert [day.isoformat() for day in days if day] == ["2024-10-14", "2024-10-28"]


@pytest.mark.parametrize("ending", [", a clear change of course.", ", while the road stays open."])
def test_the_wires_own_comment_is_cut_from_what_the_tagger_found(ending: str) -> None:
    text = f"The mayor said the port was sending guards{ending}"
    (doc,) = parse_texts([text])
    found = TaggedAttribution(((0, 9),), ((10, 14),), ((15, len(text) - 1),), "speech", 0.9)
    ((start, end),) = said_words(doc, found, frozenset())
    assert text[start:end] == "the port was sending guards"


@pytest.mark.parametrize(
    ("text", "cue", "content", "wanted"),
    [
        (
            "The office denied that: 40 rockets were launched, it said, and 11 failed.", "said",
            "The office denied that: 40 rockets were launched", ["40 rockets were launched", "and 11 failed"],
        ),
        (
            "The office declined to say whether anyone was a suspect.\n\nThe insurer again declined to comment.", "declined",
            "to comment", ["whether anyone was a suspect"],
        ),
    ],
)  # fmt: skip
def test_what_the_tagger_takes_from_others_is_left(text: str, cue: str, content: str, wanted: list[str]) -> None:
    """Neither another one's cue nor a later paragraph is what somebody said."""
    (doc,) = parse_texts([text])
    spans = [(at, at + len(words)) for words in (cue, content) for at in [text.index(words)]]
    tagged = TaggedAttribution(((0, 10),), (spans[0],), (spans[1],), "speech", 0.9)
    found = merge(doc, find_attributions(doc), [tagged])
    (one,) = [raw for raw in found if raw.cue and raw.cue[0] <= spans[0][0] < raw.cue[1]]
    assert [text[start:end] for start, end in one.content] == wanted
