"""The canonical questions give what reading every claim would give."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.store.database import Connection, transaction

pytestmark = pytest.mark.postgres


def ask(demo: Connection, statement: str, *values: object) -> list[dict[str, Any]]:
    with transaction(demo, "wire_reader"):
        return demo.execute(statement, values).fetchall()


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["claim_id"] for row in rows]


def names(demo: Connection, table: str) -> list[str]:
    query = f"select e.name, count(*) from core.{table} as k join core.entity as e using (entity_id) group by 1 order by 2 desc, 1 limit 6"
    return [row["name"] for row in ask(demo, query)]


ABOUT = """
select c.claim_id from mart.claim as c where exists (
  select from core.claim_entity as k join core.entity as e using (entity_id) where k.claim_id = c.claim_id and lower(e.name) = lower(%s))
"""
BY = """
select c.claim_id from mart.claim as c where exists (
  select from core.claim_source as k join core.entity as e on e.entity_id in (k.entity_id, k.party_entity_id)
  where k.claim_id = c.claim_id and lower(e.name) = lower(%s))
"""


def test_said_about_finds_every_claim_once_newest_first(demo: Connection) -> None:
    for name in names(demo, "claim_entity"):
        found = ask(demo, "select * from mart.said_about(%s)", name.upper())
        assert sorted(ids(found)) == sorted(ids(ask(demo, ABOUT, name)))
        assert [r["stated_by_at"] for r in found] == sorted((r["stated_by_at"] for r in found), reverse=True)


def test_said_by_counts_those_who_speak_for_the_party(demo: Connection) -> None:
    parties = ask(
        demo,
        "select name from core.entity where entity_id in (select party_entity_id from core.claim_source) order by 1 limit 3",
    )
    for name in [*names(demo, "claim_source"), *(r["name"] for r in parties)]:
        assert sorted(ids(ask(demo, "select * from mart.said_by(%s)", name))) == sorted(ids(ask(demo, BY, name)))


def test_said_by_about_is_what_both_share(demo: Connection) -> None:
    total = 0
    for speaker in names(demo, "claim_source"):
        for about in names(demo, "claim_entity"):
            found = ids(ask(demo, "select * from mart.said_by_about(%s, %s)", speaker, about))
            assert sorted(found) == sorted(set(ids(ask(demo, BY, speaker))) & set(ids(ask(demo, ABOUT, about))))
            total += len(found)
    assert total


@pytest.mark.parametrize("few", [0, 2, 5, 20])
def test_what_s_said_on_x_is_the_same_whichever_side_is_asked_first(demo: Connection, few: int) -> None:
    query = "select * from mart.find_said(%s, %s, '-infinity', 'infinity', %s, %s)"
    for speaker in names(demo, "claim_source"):
        for about in names(demo, "claim_entity"):
            found = ask(demo, query, speaker, about, 1000, few)
            assert found == ask(demo, query, speaker, about, 1000, 10000)
            assert ask(demo, query, speaker, about, 2, few) == found[:2]
            if found:
                at = found[0]["stated_by_at"]
                earlier = ask(
                    demo, "select * from mart.find_said(%s, %s, '-infinity', %s, 1000, %s)", speaker, about, at, few
                )
                assert earlier == [row for row in found if row["stated_by_at"] < at]


def test_the_busiest_speakers_are_those_of_the_view(demo: Connection) -> None:
    view = """select entity_id, source_name, count(distinct claim_id) as claim_count from mart.claim_source
        where entity_id is not null group by 1, 2 order by 3 desc, 2, 1"""
    assert ask(demo, "select * from mart.busiest_speakers()") == ask(demo, view)
    counts = [row["claim_count"] for row in ask(demo, "select * from mart.busiest_speakers(row_limit => 3)")]
    assert counts == [row["claim_count"] for row in ask(demo, view)][:3]


def test_a_range_has_its_begin_and_not_its_end(demo: Connection) -> None:
    name = names(demo, "claim_entity")[0]
    at = ask(demo, "select stated_by_at from mart.said_about(%s)", name)[0]["stated_by_at"]
    assert ask(demo, "select * from mart.said_about(%s, %s, 'infinity')", name, at)
    assert all(
        r["stated_by_at"] < at for r in ask(demo, "select * from mart.said_about(%s, '-infinity', %s)", name, at)
    )


def test_unnamed_means_unnamed_alone(demo: Connection) -> None:
    found = ask(demo, "select * from mart.rests_on_unnamed()")
    assert found
    assert all(set(r["source_kinds"]) == {"unnamed"} for r in found)
    everything = ask(demo, "select claim_id, source_kinds from mart.claim")
    assert sorted(ids(found)) == sorted(
        r["claim_id"] for r in everything if r["source_kinds"] and set(r["source_kinds"]) == {"unnamed"}
    )


def test_every_claim_stands_in_its_sentence(demo: Connection) -> None:
    rows = ask(demo, "select * from mart.newest_claim where sentence is not null")
    assert rows
    texts = {r["claim_id"]: r["content_words"] for r in ask(demo, "select claim_id, content_words from mart.claim")}
    for row in rows:
        for piece in (texts[row["claim_id"]] or "").split(" … "):
            assert piece in row["sentence"]


def test_search_takes_words_phrases_and_exclusions(demo: Connection) -> None:
    word = ask(
        demo,
        "select word from ts_stat('select plain_text_vector from core.claim where is_listed') order by ndoc desc limit 1",
    )
    found = ask(demo, "select * from mart.search_claims(%s, row_limit => 1000)", word[0]["word"])
    assert found
    without = ask(demo, "select * from mart.search_claims(%s, row_limit => 1000)", f"ferry -{word[0]['word']}")
    assert not set(ids(found)) & set(ids(without))
    assert ask(demo, "select * from mart.search_claims('')") == []


def test_accusations_are_those_of_the_view(demo: Connection) -> None:
    found = ids(ask(demo, "select claim_id from mart.newest_accusations()"))
    assert sorted(found) == sorted(ids(ask(demo, "select claim_id from mart.accusation")))


def test_freshness_and_backlog_say_something_of_every_stage(demo: Connection) -> None:
    stages = {row["stage"] for row in ask(demo, "select * from mart.backlog")}
    assert stages == {"poll", "fetch", "read", "analyse", "link", "quarantine"}
    fresh = ask(demo, "select * from mart.freshness")
    assert fresh
    assert all(row["revision_count"] > 0 and row["seen_to_queryable_p95_s"] >= 0 for row in fresh)


@pytest.mark.parametrize(
    ("body", "start", "end", "sentence"),
    [
        ("First one. Mr. Oster said it rains. Then it snowed.", 15, 20, "Mr. Oster said it rains."),
        ("Head\nA line without a stop\nThird", 8, 12, "A line without a stop"),
        ("It fell 3.5 percent. She left.", 3, 11, "It fell 3.5 percent."),
        ("One.", 0, 3, "One."),
    ],
)
def test_a_sentence_is_cut_at_its_ends(demo: Connection, body: str, start: int, end: int, sentence: str) -> None:
    assert ask(demo, "select mart.cut_sentence(%s, %s, %s) as it", body, start, end) == [{"it": sentence}]


def test_a_timeline_is_what_the_view_shows_of_the_speaker(demo: Connection) -> None:
    changed = 0
    for name in names(demo, "claim_source"):
        view = ask(
            demo, "select claim_id, change_kind from mart.speaker_timeline where lower(source_name) = lower(%s)", name
        )
        found = ask(demo, "select claim_id, source_name, change_kind, stated_by_at from mart.timeline_of(%s)", name)
        own = {(r["claim_id"], r["change_kind"]) for r in found if r["source_name"] == name}
        assert own == {(r["claim_id"], r["change_kind"]) for r in view}
        assert [r["stated_by_at"] for r in found] == sorted((r["stated_by_at"] for r in found), reverse=True)
        changed += sum(r["change_kind"] is not None for r in found)
    assert changed


def test_a_timeline_on_a_matter_is_what_was_said_on_it(demo: Connection) -> None:
    speakers, subjects = names(demo, "claim_source"), names(demo, "claim_entity")
    for speaker in speakers:
        for about in subjects:
            found = set(ids(ask(demo, "select claim_id from mart.timeline_of(%s, %s)", speaker, about)))
            assert found == set(ids(ask(demo, "select claim_id from mart.said_by_about(%s, %s)", speaker, about)))


def test_the_newest_corrections_are_all_of_the_demo_s(demo: Connection) -> None:
    columns = "claim_id, corrected_at, correction_kind, corrected_text, carrier_count"
    view = ask(demo, f"select {columns} from mart.corrected_claim order by corrected_at desc, claim_id")
    found = ask(demo, f"select {columns} from mart.newest_corrections(row_limit => 1000)")
    key = lambda r: tuple(map(str, r.values()))  # noqa: E731
    assert sorted(found, key=key) == sorted(view, key=key)
    assert {r["correction_kind"] for r in found} == {"correction", "withdrawn"}
    few = ask(demo, "select corrected_at from mart.newest_corrections(row_limit => 1)")
    assert {r["corrected_at"] for r in few} == {max(r["corrected_at"] for r in view)}


def test_figures_of_a_measure_are_those_of_the_view_newest_first(demo: Connection) -> None:
    measures = [
        r["measure"] for r in ask(demo, "select measure from mart.figure group by 1 order by count(*) desc, 1 limit 8")
    ]
    assert measures
    for measure in measures:
        found = ask(demo, "select * from mart.figures_of(%s, row_limit => 1000)", measure)
        view = ask(demo, "select * from mart.figure where measure = %s", measure)
        assert sorted((r["claim_id"], r["words"]) for r in found) == sorted((r["claim_id"], r["words"]) for r in view)
        assert [r["stated_by_at"] for r in found] == sorted((r["stated_by_at"] for r in found), reverse=True)


def test_the_newest_stories_are_those_of_the_view(demo: Connection) -> None:
    view = ask(demo, "select * from mart.story order by last_published_at desc, story_id limit 5")
    assert ask(demo, "select * from mart.newest_stories(row_limit => 5)") == view
