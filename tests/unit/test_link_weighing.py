"""What the network reads of two sentences against what is known of who speaks and how; and the network itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.link import weighing
from pipeline.link.matter import Statement
from pipeline.link.reading import LABELS, RelationReader, get_reader
from tests.unit.test_link_groups import OFFICE, UNION, YARD, said


def reads(**chances: float) -> Callable[[str, str], Mapping[str, float]]:
    """A reader that always answers the same."""
    rest = (1 - sum(chances.values())) / (len(LABELS) - len(chances))
    return lambda earlier, later: {name: chances.get(name, rest) for name in LABELS}


def judged(later: Statement, earlier: Statement, **chances: float) -> str | None:
    found = weighing.judge_relation(later, earlier, reads(**chances))
    return found.relation if found else None


WRECKED = said("the trawler had been run aground on purpose")
OTHER_WORDS = said("somebody steered her onto the rocks", OFFICE, revision_id=2)


def test_other_words_are_read_where_the_rules_find_nothing() -> None:
    assert weighing.judge_relation(OTHER_WORDS, WRECKED) is None
    assert judged(OTHER_WORDS, WRECKED, supports=0.9) == "supports"


def test_two_statements_of_one_text_in_other_words_are_not_read() -> None:
    assert judged(said("somebody steered her onto the rocks", OFFICE), WRECKED, supports=0.9) is None


def test_a_doubtful_reading_draws_nothing() -> None:
    assert judged(OTHER_WORDS, WRECKED, supports=0.45, none=0.4) is None


def test_a_party_neither_confirms_nor_denies_itself() -> None:
    own = said("somebody steered her onto the rocks", UNION, revision_id=2)
    assert judged(own, WRECKED, confirms=0.5, repeats=0.4) == "repeats"
    assert judged(own, WRECKED, denies=0.5, retracts=0.4) == "retracts"


def test_two_known_parties_do_not_repeat_each_other() -> None:
    assert (
        judged(said("she was steered onto the rocks", YARD, revision_id=2), WRECKED, repeats=0.5, supports=0.4)
        == "supports"
    )


@given(st.floats(0.5, 1.0))
def test_not_confirming_is_never_denying(chance: float) -> None:
    open_one = said("whether anybody had steered her onto the rocks", OFFICE, "not_confirm", "unknown", revision_id=2)
    assert judged(open_one, WRECKED, denies=chance) not in ("denies", "contradicts", "retracts", "confirms")


def test_nothing_is_confirmed_through_a_copy() -> None:
    copy = said("somebody steered her onto the rocks", OFFICE, is_copy=True, revision_id=2)
    assert judged(copy, WRECKED, confirms=0.9) != "confirms"


def test_requests_are_not_read() -> None:
    asked = said("the harbour to be closed", OFFICE, "request", "unknown", revision_id=2)
    assert judged(asked, WRECKED, supports=0.99) is None


def test_a_rule_that_the_reading_does_not_contradict_stands() -> None:
    same = said("the hull of the trawler had cracked")
    again = said("the hull of the trawler had cracked", OFFICE)
    assert judged(again, same, supports=0.3, confirms=0.4) == "supports"


def test_shared_words_make_one_proposition_unless_read_as_unrelated() -> None:
    cracked, later = (
        said("the hull of the trawler had cracked"),
        said("a storm had cracked the hull and flooded two cabins", OFFICE),
    )
    unsure = weighing.judge_relation(later, cracked, reads(repeats=0.4, specifies=0.4, none=0.1))
    assert unsure is not None
    assert unsure.relation is None
    assert weighing.judge_relation(later, cracked, reads(none=0.95)) is None


@pytest.mark.parametrize(
    ("earlier", "later", "relation"),
    [
        ("The dockers' union said 40 men had been laid off at Brestholm.",
         "The dockers' union said 55 men had now lost their jobs at Brestholm.", "updates"),
        ("A fisherman said the trawler had been run aground on purpose.",
         "The owner of the trawler said the story was a lie.", "denies"),
        ("Villagers said the well had been poisoned.",
         "The health office said it had no evidence that the well was poisoned.", "does_not_confirm"),
        ("The mayor of Skaarvik said the bridge would open in May.",
         "The national library said it had bought the diaries of a poet.", "none"),
    ],
)  # fmt: skip
def test_the_network_reads_plain_cases(earlier: str, later: str, relation: str) -> None:
    chances = get_reader().read(earlier, later)
    assert max(chances, key=lambda name: chances[name]) == relation
    assert sum(chances.values()) == pytest.approx(1.0)


def test_a_model_that_is_missing_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make train-relations"):
        RelationReader.load(tmp_path)


def test_a_network_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "relations.onnx").write_bytes(b"other")
    labels = ", ".join(f'"{label}"' for label in LABELS)
    (tmp_path / "relations.toml").write_text(f'version = "1"\nsha256 = "00"\nlabels = [{labels}]\n')
    with pytest.raises(SettingsError, match="not the network"):
        RelationReader.load(tmp_path)


def test_the_network_reads_a_speaker_with_the_title_that_is_printed() -> None:
    who = replace(UNION, kind="named", entity_name="Ada Moor", words="union chair Ada Moor,")
    statement = said("the hull had cracked", who, plain_text="Ada Moor said the hull had cracked.")
    assert statement.told == "Union chair Ada Moor said the hull had cracked."
    assert replace(statement, speakers=(replace(who, words="she"),)).told == statement.plain_text


def test_contrary_words_that_are_read_as_agreeing_are_not_contrary() -> None:
    one = said("the gates had been opened without a warning of the flood", plain_text="a")
    other = said(
        "there was no warning of the flood at the gates", OFFICE, polarity="negative", revision_id=2, plain_text="b"
    )
    by_words = weighing.judge_relation(other, one)
    assert by_words is not None
    assert by_words.is_opposed
    read = weighing.judge_relation(other, one, reads(supports=0.4, repeats=0.3, updates=0.2, contradicts=0.01))
    assert read is not None
    assert not read.is_opposed
