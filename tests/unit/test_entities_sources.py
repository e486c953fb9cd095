"""Who speaks, and for whom."""

from __future__ import annotations

import pytest

from pipeline.analyse.language import parse_text
from pipeline.annotate import annotate
from pipeline.entities.resolve import EntityReading, ResolvedSource, read_entities, resolve_source
from pipeline.records import Dateline


def speak(text: str, source: str, dateline: Dateline | None = None) -> tuple[EntityReading, tuple[ResolvedSource, ...]]:
    doc = parse_text(text)
    reading = read_entities(doc, dateline=dateline)
    start = text.rindex(source)
    return reading, resolve_source(doc, start, start + len(source), reading)


def only(text: str, source: str) -> tuple[EntityReading, ResolvedSource]:
    reading, found = speak(text, source)
    assert len(found) == 1
    assert text[found[0].start : found[0].end] == found[0].text
    return reading, found[0]


def name(reading: EntityReading, entity: int | None) -> str | None:
    return None if entity is None else reading.entities[entity].name


@pytest.mark.parametrize(
    ("text", "source", "kind", "entity", "party"),
    [
        ("Norway said the herring was safe.", "Norway", "institution", "Norway", "Norway"),
        ("The Kremlin said it knew nothing.", "The Kremlin", "institution", "Russia", "Russia"),
        ("NATO said it was ready.", "NATO", "institution", "NATO", "NATO"),
        (
            "NATO Secretary-General Ada Moor said it was ready.",
            "NATO Secretary-General Ada Moor",
            "named",
            "Ada Moor",
            "NATO",
        ),
        ("White House spokesman Otto Lind said no.", "White House spokesman Otto Lind", "named", "Otto Lind", "White House"),
        ("Ada Moor, a spokeswoman for NATO, said no.", "Ada Moor, a spokeswoman for NATO,", "named", "Ada Moor", "NATO"),
        ("The Norwegian defence ministry said no.", "The Norwegian defence ministry", "institution", "Norwegian defence ministry",
         "Norway"),
        ("Western countries said no.", "Western countries", "group", "Western countries", "Western countries"),
        ("The Norwegian government said no.", "The Norwegian government", "institution", "Norway", "Norway"),
        ("Two Norwegian officials said no.", "Two Norwegian officials", "unnamed", None, "Norway"),
        ("A report by NATO said no.", "A report by NATO", "document", None, "NATO"),
        ("Norway's president said no.", "Norway's president", "role", None, "Norway"),
    ],
)  # fmt: skip
def test_kinds_entities_and_parties(text: str, source: str, kind: str, entity: str | None, party: str | None) -> None:
    reading, found = only(text, source)
    assert (found.kind, name(reading, found.entity), name(reading, found.party)) == (kind, entity, party)
    assert (found.why is None) == (entity is not None)
    assert 0.0 <= found.score <= 1.0


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("Norway and the West say no.", "Norway and the West", ["Norway", "the West"]),
        ("Mr. Moor and Mr. Lind said no.", "Mr. Moor and Mr. Lind", ["Moor", "Lind"]),
        ("Norway, Iceland and Sweden said no.", "Norway, Iceland and Sweden", ["Norway", "Iceland", "Sweden"]),
        ("Ada Moor, the founder and chairman of Acme Corp, said no.", "Ada Moor, the founder and chairman of Acme Corp,",
         ["Ada Moor"]),
    ],
)  # fmt: skip
def test_joint_speakers_are_one_row_each(text: str, source: str, expected: list[str]) -> None:
    reading, found = speak(text, source)
    assert [name(reading, f.entity) for f in found] == expected
    assert all(text[f.start : f.end] == f.text for f in found)


@pytest.mark.parametrize(
    ("source", "low", "high"),
    [
        ("Two officials", 2, 2),
        ("An official", 1, 1),
        ("Officials", 2, None),
        ("Several officials", 3, None),
        ("12 officials", 12, 12),
        ("Dozens of officials", 24, None),
    ],
)
def test_how_many_speak(source: str, low: int, high: int | None) -> None:
    _, found = only(f"{source} said the bridge was closed.", source)
    assert (found.kind, found.number_low, found.number_high) == ("unnamed", low, high)


def test_unnamed_sources_are_never_one_entity() -> None:
    text = "Two officials said no. Two officials said yes."
    doc = parse_text(text)
    reading = read_entities(doc)
    found = [resolve_source(doc, at, at + 13, reading)[0] for at in (0, text.rindex("Two"))]
    assert [f.entity for f in found] == [None, None]


def test_a_pronoun_for_someone_unnamed_says_so_and_keeps_the_party() -> None:
    reading, found = only("A Norwegian official spoke in Bergen. He said the bridge was closed.", "He")
    assert found.entity is None
    assert found.why
    assert name(reading, found.party) == "Norway"


def test_a_relative_pronoun_is_its_noun() -> None:
    reading, found = only("Ada Moor, who said the bridge was closed, left.", "who")
    assert name(reading, found.entity) == "Ada Moor"


def test_the_agency_of_the_dateline_speaks_as_agency() -> None:
    line = "OSLO (Reuters) - "
    text = " " * len(line) + "Reuters could not verify the report."
    _, found = speak(text, "Reuters", Dateline(0, len(line), line, "Oslo", "Reuters", None))
    assert found[0].kind == "agency"


def test_a_description_that_only_this_text_knows_has_no_key() -> None:
    reading, found = only("Police said the bridge was closed.", "Police")
    assert found.kind == "institution"
    assert found.entity is not None
    assert reading.entities[found.entity].entity_key == ""


def test_the_ministry_is_the_one_named_before() -> None:
    text = "The Norwegian defence ministry closed the bridge. The ministry said it was old."
    reading, found = only(text, "The ministry")
    assert name(reading, found.entity) == "Norwegian defence ministry"


def test_an_aide_is_not_whom_he_works_for() -> None:
    _, found = only("An aide to Ada Moor said no.", "An aide to Ada Moor")
    assert found.entity is None
    assert found.kind == "unnamed"


def test_an_empty_span_has_no_speaker() -> None:
    doc = parse_text("Norway said no.")
    assert resolve_source(doc, 40, 44, read_entities(doc)) == ()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Broadcaster Kanal 14 reported that the singer had died.", "Kanal 14"),
        ("Drugmaker Helvexa said it would sue.", "Helvexa"),
        ("Coroner Marguerite Obi said the man drowned.", "Marguerite Obi"),
        (
            "The trial goes on, defence lawyer Marguerite Obi said outside the courthouse in Port Ellery.",
            "Marguerite Obi",
        ),
        ("A militant group, the Sons of Ardent, said it had carried out the attack in Kotla.", "Sons of Ardent"),
        ("Ajax 2 Feyenoord 1, Otto Lind said.", "Otto Lind"),
    ],
)
def test_names_end_where_their_bearers_end_them(text: str, speaker: str) -> None:
    found = annotate(text)
    (claim,) = found["claims"]
    assert found["entities"][claim["sources"][0]["entity"]]["name"] == speaker


@pytest.mark.parametrize(
    "text",
    [
        "Sandvelt police spokesman Dirk Maseko said the blaze was arson.",
        "The blaze was arson, said Dirk Maseko, a spokesman for the police in Sandvelt.",
        "Dirk Maseko, chief of Sandvelt’s police, said the blaze was arson.",
        "A Sandvelt police spokesman said the blaze was arson.",
        "Police in Sandvelt said the blaze was arson.",
        "Sandvelt police said the blaze was arson.",
    ],
)
def test_one_speaks_for_the_body_of_a_place_not_for_the_place(text: str) -> None:
    found = annotate(text)
    (claim,) = found["claims"]
    assert found["entities"][claim["sources"][0]["party"]]["name"] == "Sandvelt police"


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("A spokesman for the ministry said the road was open.", "ministry"),
        ("A spokeswoman for the fire brigade said the road was open.", "fire brigade"),
        ("A police spokesman said the road was open.", "police"),
        ("A senior ministry official said the road was open.", "ministry"),
        ("Otto Lind, a spokesman for the company, said the road was open.", "company"),
        ("A teacher at the school said the road was open.", None),
        ("A rival of the company said the road was open.", None),
    ],
)
def test_one_speaks_for_a_body_without_a_name(text: str, party: str | None) -> None:
    found = annotate(text)
    (claim,) = found["claims"]
    place = claim["sources"][0]["party"]
    assert (None if place is None else found["entities"][place]["name"]) == party


def test_he_is_who_spoke_last_also_where_the_parse_hung_the_name_on_a_town() -> None:
    found = annotate(
        "“We were on board for an hour,” said Henryk Sobala, head of the inspectorate.\n\n"
        "Vale Lines denied the charge. The system was working when the ship left Visby, its spokesperson Tomasz Lind said.\n\n"
        "“There is no switch,” he added.\n"
    )
    last = found["claims"][-1]
    assert found["entities"][last["sources"][0]["entity"]]["name"] == "Tomasz Lind"


def test_whose_chair_one_is_is_told_by_the_pronoun_before_the_title() -> None:
    text = (
        "The election commission rejected it. All had been counted, said its chair, the retired judge Ada Moor."
        " “None was lost,” Moor said."
    )
    reading, found = only(text, "Moor")
    assert (name(reading, found.entity), name(reading, found.party)) == ("Ada Moor", "election commission")
