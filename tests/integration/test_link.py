"""Linking on a real Postgres: the demo's truth, batches, re-runs, decisions by hand."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.server import DemoWire
from demo.stories import load_stories
from pipeline import jobs
from pipeline.errors import UsageError
from pipeline.evaluate.link_demo import evaluate_demo, locate_stances
from pipeline.jobs import linking
from pipeline.jobs.session import open_store
from pipeline.settings import ROOT, Settings
from pipeline.store import runs
from pipeline.store.database import Connection
from pipeline.store.server import Server
from tests.integration.conftest import copy_database, demo_settings, run_all

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

FLOORS = tomllib.loads((ROOT / "tests" / "evaluation" / "floors.toml").read_text(encoding="utf-8"))["link"]
CLAIM = """
  select c.claim_id, c.claim_thread_id, a.canonical_url || ' ' || r.revision_number || ' ' || c.ordinal as key
  from core.claim as c
  join core.article_revision as r using (article_revision_id)
  join core.article as a using (article_id)
"""
STATE = {
    "articles": """
      select a.canonical_url, o.canonical_url as original, a.copy_method, a.copy_score, s.story_key
      from core.article as a join core.story as s using (story_id)
      left join core.article as o on o.article_id = a.copy_of_article_id""",
    "listed": f"select key from ({CLAIM}) as k join core.claim as c using (claim_id) where c.is_listed",
    "stated": f"select key, c.stated_by_at from ({CLAIM}) as k join core.claim as c using (claim_id)",
    "threads": f"select key, min(key) over (partition by claim_thread_id) as first from ({CLAIM}) as k",
    "groups": f"""
      select k.key, min(k.key) over (partition by m.claim_group_id) as first, m.stance, m.method, m.score, g.title,
        encode(g.group_key, 'hex') as group_key, g.member_count, g.is_contested
      from ({CLAIM}) as k
      join core.claim_group_member as m using (claim_thread_id)
      join core.claim_group as g using (claim_group_id)""",
    "links": f"""
      select f.key as source, t.key as target, l.relation, l.method, l.score, l.reason
      from core.claim_link as l
      join ({CLAIM}) as f on f.claim_id = l.from_claim_id join ({CLAIM}) as t on t.claim_id = l.to_claim_id""",
    "changes": f"""
      select f.key as before, t.key as after, h.kind, h.what, h.method, h.score
      from core.claim_change as h
      left join ({CLAIM}) as f on f.claim_id = h.from_claim_id left join ({CLAIM}) as t on t.claim_id = h.to_claim_id""",
}


def read_state(connection: Connection) -> dict[str, list[str]]:
    """All that linking decides, by natural keys, sorted."""
    return {
        name: sorted(repr(tuple(row.values())) for row in connection.execute(query).fetchall())  # type: ignore[arg-type]
        for name, query in STATE.items()
    }


def link(connection: Connection) -> dict[str, int]:
    with runs.recorded_run(connection, "link", {}) as run_id:
        return linking.link_batches(connection, run_id)


def name_of(url: str) -> str:
    return url.split("@/")[1].split("?")[0]


@pytest.fixture(scope="module")
def unread(server: Server, demo_wire: DemoWire, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database that holds the texts of the demo's three stages, none of them analysed."""
    url = copy_database(server, "template_wire")
    settings = demo_settings(url, tmp_path_factory.mktemp("unread"), demo_wire)
    for stage in (1, 2, 3):
        demo_wire.stage = stage
        for host in jobs.list_due_hosts(force=True, settings=settings):
            jobs.collect_host(host, settings=settings)
        jobs.read_pages(settings=settings)
    return name_of(url)


@pytest.fixture(scope="module")
def unlinked(server: Server, unread: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database that holds the same analysed, never linked."""
    url = copy_database(server, unread)
    jobs.analyse_all(store_of(url, tmp_path_factory.mktemp("unlinked")))
    return name_of(url)


def store_of(url: str, var: Path) -> Settings:
    return Settings(database_url=url, var=var)


@pytest.fixture
def fresh(server: Server, unlinked: str, tmp_path: Path) -> Iterator[Connection]:
    """A connection to a copy that nobody has linked."""
    with open_store(store_of(copy_database(server, unlinked), tmp_path)) as connection:
        yield connection


@pytest.fixture
def linked(demo_database: str, tmp_path: Path) -> Iterator[Connection]:
    """A connection to a copy of the demo, linked after each poll."""
    with open_store(store_of(demo_database, tmp_path)) as connection:
        yield connection


def test_one_run_for_all_gives_what_a_run_after_each_poll_gives(fresh: Connection, linked: Connection) -> None:
    link(fresh)
    once, each = read_state(fresh), read_state(linked)
    for name in STATE:
        assert once[name] == each[name], name


def test_batch_by_batch_gives_what_one_transaction_gives(
    server: Server, unlinked: str, tmp_path: Path, fresh: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(fresh)
    monkeypatch.setattr(linking, "BATCHES_AT_ONCE", 1)
    with open_store(store_of(copy_database(server, unlinked), tmp_path)) as other:
        link(other)
        split, whole = read_state(other), read_state(fresh)
    for name in STATE:
        assert split[name] == whole[name], name


@pytest.mark.parametrize("seed", [1, 2])
def test_texts_that_come_in_any_order_give_what_those_in_order_give(
    server: Server, unread: str, tmp_path: Path, fresh: Connection, seed: int
) -> None:
    """As with more than one worker: single texts, analysed in any order, a linker now and then in between."""
    link(fresh)
    draw = random.Random(seed)
    settings = store_of(copy_database(server, unread), tmp_path)
    with open_store(settings) as other:
        waiting = [number for batch in jobs.list_analysis_batches(settings) for number in batch]
        draw.shuffle(waiting)
        while waiting:
            count = draw.choice([1, 2, 5, 9])
            jobs.analyse_batch(waiting[:count], settings=settings)
            del waiting[:count]
            if draw.random() < 0.6:
                link(other)
        link(other)
        shuffled, ordered = read_state(other), read_state(fresh)
    for name in STATE:
        assert shuffled[name] == ordered[name], name


def test_linking_again_changes_nothing(linked: Connection) -> None:
    before = read_state(linked)
    assert link(linked)["batches"] == 0
    linked.execute("delete from ops.linked_batch")
    assert link(linked)["batches"] > 0
    assert read_state(linked) == before


def test_demo_is_linked_as_its_script_says(demo: Connection) -> None:
    figures = evaluate_demo(demo, ROOT / "demo" / "script.toml", {s.id: s.path for s in load_stories()})
    assert figures["demo.copies.precision"] == figures["demo.copies.recall"] == 1.0
    assert figures["demo.stories.precision"] >= 0.95
    assert figures["demo.stories.recall"] >= 0.90
    for name in ("demo.groups.f1", "demo.stances"):
        assert figures[name] >= FLOORS[name]


def test_the_cards_are_right_after_each_of_the_earlier_polls(
    server: Server, demo_wire: DemoWire, tmp_path: Path
) -> None:
    settings = demo_settings(copy_database(server, "template_wire"), tmp_path, demo_wire)
    script = tomllib.loads((ROOT / "demo" / "script.toml").read_text(encoding="utf-8"))
    for stage in (1, 2):
        demo_wire.stage = stage
        run_all(settings)
        with open_store(settings) as connection:
            located = locate_stances(connection, script, {s.id: s.path for s in load_stories()}, stage)
        assert [(place.key, place.words, place.found) for place in located if place.found != place.stance] == []


def test_copies_show_no_claims_and_a_repeat_is_one(demo: Connection) -> None:
    rows = demo.execute(
        "select count(*) as n from core.claim as c join core.article_revision as r using (article_revision_id)"
        " join core.article as a using (article_id) where a.copy_of_article_id is not null and c.is_listed"
    ).fetchone()
    assert rows == {"n": 0}
    repeat = demo.execute("select copy_method from core.article where canonical_url like '%/repeat-%'").fetchone()
    assert repeat == {"copy_method": "repeat"}


def test_what_was_corrected_and_withdrawn_is_still_carried(demo: Connection) -> None:
    rows = demo.execute(
        "select correction_kind, carried_by from mart.corrected_claim where carrier_count > 0"
    ).fetchall()
    carriers = {(row["correction_kind"], url) for row in rows for url in row["carried_by"]}
    assert ("correction", "http://www.quayside-daily.example/rail/saale-elbe-bahn-hack") in carriers
    assert ("withdrawn", "http://www.quayside-daily.example/people/mine-manager-held") in carriers


def test_a_softened_charge_is_told(demo: Connection) -> None:
    rows = demo.execute(
        "select to_words from mart.claim_change where kind = 'softened' and what = 'certainty'"
    ).fetchall()
    assert any("may have been" in row["to_words"] for row in rows)


def test_not_confirming_is_never_denying(demo: Connection) -> None:
    rows = demo.execute(
        "select c.plain_text from core.claim_group_member as m join core.claim as c using (claim_thread_id)"
        " where m.stance = 'denies' and c.act = 'not_confirm'"
        " union all select c.plain_text from core.claim_link as k join core.claim as c on c.claim_id = k.from_claim_id"
        " where k.relation in ('denies', 'contradicts') and c.act = 'not_confirm'"
    ).fetchall()
    assert rows == []


def find_member(connection: Connection) -> dict[str, int]:
    """A claim that did not found its group, and one that did."""
    row = connection.execute(
        "select c.claim_id, f.claim_id as founder_claim_id from core.claim_group as g"
        " join core.claim_group_member as m using (claim_group_id)"
        " join core.claim as c on c.claim_thread_id = m.claim_thread_id and c.is_listed"
        " join core.claim as f on f.claim_thread_id = g.founder_thread_id and f.is_listed"
        " where m.claim_thread_id <> g.founder_thread_id and m.stance = 'denies' order by c.claim_id limit 1"
    ).fetchone()
    assert row is not None
    return row


def groups_of(connection: Connection, *claims: int) -> list[int]:
    return [
        connection.execute(
            "select m.claim_group_id from core.claim as c join core.claim_group_member as m using (claim_thread_id)"
            " where c.claim_id = %s", [claim],
        ).fetchone()["claim_group_id"]  # type: ignore[index]
        for claim in claims
    ]  # fmt: skip


def test_a_split_by_hand_stays(linked: Connection, demo_database: str, tmp_path: Path) -> None:
    member = find_member(linked)
    pair = member["claim_id"], member["founder_claim_id"]
    settings = store_of(demo_database, tmp_path)
    linking.keep_apart(*pair, made_by="an editor", reason="another matter", settings=settings)
    apart = groups_of(linked, *pair)
    assert apart[0] != apart[1]
    linked.execute("delete from ops.linked_batch")
    link(linked)
    apart = groups_of(linked, *pair)
    assert apart[0] != apart[1]
    linking.keep_together(*pair, made_by="an editor", reason="the same after all", settings=settings)
    together = groups_of(linked, *pair)
    assert together[0] == together[1]


def test_hand_decisions_name_what_is_wrong(linked: Connection, demo_database: str, tmp_path: Path) -> None:
    member = find_member(linked)
    settings = store_of(demo_database, tmp_path)
    with pytest.raises(UsageError, match="no claim"):
        linking.keep_together(member["claim_id"], -1, made_by="an editor", reason="x", settings=settings)
    with pytest.raises(UsageError, match="founds its group"):
        linking.keep_apart(member["founder_claim_id"], None, made_by="an editor", reason="x", settings=settings)


def test_every_question_answers_in_the_demo(demo: Connection) -> None:
    views = (
        "story", "claim_group", "claim_group_member", "contested_claim", "single_agency_claim", "unnamed_claim",
        "accusation", "claim_change", "speaker_timeline", "corrected_claim", "figure",
    )  # fmt: skip
    for view in views:
        row = demo.execute(f"select count(*) as n from mart.{view}").fetchone()  # type: ignore[arg-type]
        assert row is not None
        assert row["n"] > 0, view
    row = demo.execute("select count(*) as n from mart.unconfirmed_claim(6, '2026-11-17T20:00:00Z')").fetchone()
    assert row is not None
    assert row["n"] > 0
