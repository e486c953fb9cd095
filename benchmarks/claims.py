"""The canonical questions on millions of made-up claims: plans, times, growth by doubling, bytes a claim.

    python benchmarks/claims.py --claims 1000000 5000000 [--url postgresql://…] [--folder DIR] [--json FILE]

Fills a database of its own in steps up to each size, groups included (`benchmarks/groups.py`), then asks each question of
``QUESTIONS`` warm. Names, words and times are drawn from skewed, fixed distributions: the commonest speaker makes 2.7 % of
all claims, the commonest word stands in one claim in six. A year of a desk is 30 million claims; the arithmetic to it is
printed. Only loopback or a socket; without --url an embedded server below --folder serves.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import groups
from pipeline.settings import ROOT
from pipeline.store import migrate
from pipeline.store.server import Server

DATABASE = "wire_benchmark"
STEP = 250_000
PER_ARTICLE = 10
YEAR = 30_000_000
LIMIT_MS = 200.0
RUNS = 9

# What each question is asked about: the commonest name, a middling one, a rare one; rank 0 is the commonest.
QUESTIONS: dict[str, str] = {
    "about, commonest name, a week": "select * from mart.said_about('Name 0', now() - interval '7 days', now())",
    "about, commonest name, all time": "select * from mart.said_about('Name 0')",
    "about, middling name, a year": "select * from mart.said_about('Name 400', now() - interval '365 days', now())",
    "by S, commonest": "select * from mart.said_by('Name 0')",
    "by S on X, two commonest": "select * from mart.said_by_about('Name 0', 'Name 1')",
    "by S on X, commonest on common": "select * from mart.said_by_about('Name 0', 'Name 5')",
    "by S on X, common on middling": "select * from mart.said_by_about('Name 2', 'Name 400')",
    "by S on X, two middling": "select * from mart.said_by_about('Name 300', 'Name 400')",
    "by S on X, rare on commonest": "select * from mart.said_by_about('Name 3000', 'Name 0')",
    "busiest speakers, a week": "select * from mart.busiest_speakers(now() - interval '7 days', now())",
    "unnamed sources alone, a week": "select * from mart.rests_on_unnamed(now() - interval '7 days', now())",
    "unnamed sources alone, about X": "select * from mart.rests_on_unnamed_about('Name 20')",
    "accusations, newest": "select * from mart.newest_accusations()",
    "accusations, of X": "select * from mart.accusation where accused_name = 'Name 5' order by stated_by_at desc limit 50",
    "newest with their sentence": "select * from mart.newest_claim order by stated_by_at desc limit 50",
    "newest, plain": "select * from mart.claim order by stated_by_at desc limit 50",
    "search, common word": "select * from mart.search_claims('word3')",
    "search, two middling words": "select * from mart.search_claims('word200 word300')",
    "search, rare word": "select * from mart.search_claims('word15000')",
    "search, a phrase": "select * from mart.search_claims('\"word3 word5\"')",
    "freshness": "select * from mart.freshness",
    "backlog": "select * from mart.backlog",
    **groups.QUESTIONS,
}

SETUP = """
create schema bench;
create function bench.draw(i bigint, salt bigint) returns double precision language sql immutable parallel safe as
  $$ select (hashint8extended(i, salt) & 1073741823) / 1073741824.0 $$;
insert into core.outlet (outlet_key, name) select 'o' || i, 'Outlet ' || i from generate_series(1, 40) as i;
insert into core.agency (agency_key, name) select 'g' || i, 'Agency ' || i from generate_series(1, 10) as i;
insert into core.entity (entity_key, name, kind)
select 'bench:' || i, 'Name ' || i, (array['person', 'organisation', 'country', 'place'])[1 + i % 4]
from generate_series(0, 49999) as i order by i;
create table bench.base as select min(entity_id) as entity_id from core.entity;
insert into ops.run (kind, status, finished_at) values ('bench', 'done', now());
"""

# Ids are given, so that tables can be filled apart: claim i stands in article i / 10. Times: the newest claim is the last.
FILL: tuple[tuple[str, str], ...] = (
    (
        "articles",
        """
insert into ops.load_batch (load_batch_id, run_id, stage, loaded_at) overriding system value
select a / 100, (select max(run_id) from ops.run), 'analyse', timestamptz '%(begin)s' + a * interval '10 seconds'
from generate_series(%(first)s, %(last)s) as a where a %% 100 = 0;
insert into core.story (story_id, story_key) overriding system value select a, 'http://bench.example/' || a
from generate_series(%(first)s, %(last)s) as a;
insert into core.article (article_id, canonical_url, outlet_id, agency_id, feed_key, story_id, first_published_at, first_seen_at,
  current_revision_id, load_batch_id) overriding system value
select a, 'http://bench.example/' || a, 1 + a %% 40, 1 + a %% 10, 'bench-' || a %% 40, a - a %% 5, t,
  t + interval '3 minutes', a, a / 100
from generate_series(%(first)s, %(last)s) as a
cross join lateral (select timestamptz '%(begin)s' + a * interval '10 seconds' as t) as x;
insert into core.article_revision (article_revision_id, article_id, revision_number, kind, text_basis, headline, body, published_at,
  seen_at, content_sha256, source_sha256, extractor_version, load_batch_id) overriding system value
select a, a, 1, case when a %% 100 = 2 then 'correction' else 'original' end, 'page', 'Headline ' || a, '', t,
  t + interval '3 minutes', decode(md5(a::text), 'hex'),
  decode(md5(a::text), 'hex'), 'bench', a / 100
from generate_series(%(first)s, %(last)s) as a
cross join lateral (select timestamptz '%(begin)s' + a * interval '10 seconds' as t) as x;
insert into core.analysis (analysis_id, article_revision_id, analyser_version, is_current, status, claim_count, mention_count,
  load_batch_id) overriding system value
select a, a, 'bench', true, 'analysed', 10, 20, a / 100 from generate_series(%(first)s, %(last)s) as a""",
    ),
    (
        "claims",
        """
insert into core.claim_thread (claim_thread_id, story_id, thread_key, first_published_at) overriding system value
select i, i / 10 - i / 10 %% 5, int8send(i), timestamptz '%(begin)s' + (i / 10) * interval '10 seconds'
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i;
insert into core.claim (claim_id, analysis_id, article_revision_id, ordinal, claim_thread_id, cue_lemma, plain_text, quote, act,
  polarity, certainty, said_unknown_why, stated_by_at, confidence, is_listed, load_batch_id) overriding system value
select i, i / 10, i / 10, i %% 10, i, 'say', 'Name ' || (i %% 977) || ' said that ' || w.words, 'indirect',
  case when bench.draw(i, 1) < 0.04 then 'accuse' when bench.draw(i, 1) < 0.08 then 'deny' else 'state' end,
  'positive', 'certain', 'bench', timestamptz '%(begin)s' + (i / 10) * interval '10 seconds', 0.9, bench.draw(i, 2) < 0.8, i / 1000
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i
cross join lateral (
  select string_agg('word' || floor(20000 * power(bench.draw(i * 16 + j, 3), 4))::integer, ' ') as words
  from generate_series(1, 14) as j
) as w""",
    ),
    (
        "sources and entities",
        """
insert into core.claim_span (claim_id, article_revision_id, part, position, text_part, span_start, span_end, words)
select i, i / 10, p.part, 1, 'body', (i %% 10) * 160 + p.a, (i %% 10) * 160 + p.b, repeat('x', p.b - p.a)
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i
cross join (values ('cue', 10, 14), ('content', 20, 110)) as p (part, a, b);
insert into core.claim_source (claim_id, article_revision_id, position, words, kind, entity_id, party_entity_id, unknown_why,
  stated_by_at)
select i, i / 10, 1, 'x', case when u < 0.07 then 'unnamed' else 'named' end,
  case when u >= 0.07 then (select entity_id from bench.base) + floor(50000 * power(bench.draw(i, 5), 3))::integer end,
  case when u > 0.7 then (select entity_id from bench.base) + floor(50000 * power(bench.draw(i, 6), 3))::integer end,
  case when u < 0.07 then 'unnamed' end, timestamptz '%(begin)s' + (i / 10) * interval '10 seconds'
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i
cross join lateral (select bench.draw(i, 4) as u) as x;
insert into core.claim_entity (claim_id, entity_id, role, stated_by_at)
select i, (select entity_id from bench.base) + floor(50000 * power(bench.draw(i * 4 + j, 7), 3))::integer,
  case when j = 1 and bench.draw(i, 1) < 0.04 then 'target' when j = 1 then 'subject' else 'mentioned' end,
  timestamptz '%(begin)s' + (i / 10) * interval '10 seconds'
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i
cross join generate_series(1, 2) as j
on conflict do nothing""",
    ),
    (
        "bodies",
        """
update core.article_revision as r set body = b.body
from (
  select article_revision_id, string_agg(rpad(plain_text, 158, ' x') || '. ', '' order by ordinal) as body
  from core.claim where claim_id between %(first)s * 10 and %(last)s * 10 + 9 group by 1
) as b
where b.article_revision_id = r.article_revision_id""",
    ),
    *groups.FILL,
)
BIG = (
    "core.claim",
    "core.claim_source",
    "core.claim_entity",
    "core.claim_thread",
    "core.article_revision",
    *groups.BIG,
)


@contextmanager
def serving(url: str | None, folder: Path) -> Iterator[str]:
    """The URL of a fresh database: on the server given, or on an embedded one."""
    if url is not None:
        yield url
        return
    server = Server(folder.resolve())
    with server.running():
        migrate.ensure_database(server.url("postgres"), DATABASE)
        yield server.url(DATABASE)


@contextmanager
def without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Drop what is no constraint's index on the big tables, and build it anew at the end."""
    query = """
      select format('%%I.%%I', n.nspname, k.relname) as name, pg_get_indexdef(k.oid) as definition
      from pg_index as i join pg_class as k on k.oid = i.indexrelid join pg_namespace as n on n.oid = k.relnamespace
      where i.indrelid = any (%s::regclass[]) and not exists (select from pg_constraint as c where c.conindid = k.oid)"""
    found = connection.execute(query, [list(BIG)]).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("drop index ") + sql.SQL(name))
    yield
    for _, definition in found:
        connection.execute(definition)


def fill(connection: psycopg.Connection[Any], begin: int, end: int, begin_at: str) -> None:
    """Add claims [begin, end), the first of all at ``begin_at``; constraints and triggers are off, the shapes are right by
    construction."""
    connection.execute("set session_replication_role = replica")
    with without_indexes(connection):
        for at in range(begin // PER_ARTICLE, end // PER_ARTICLE, STEP // PER_ARTICLE):
            last = min(at + STEP // PER_ARTICLE, end // PER_ARTICLE) - 1
            for _, statement in FILL:
                for piece in statement.split(";\n"):
                    connection.execute(piece % {"first": at, "last": last, "begin": begin_at})
            print(f"  {min((last + 1) * PER_ARTICLE, end):>10,} claims", flush=True)
    connection.execute("set session_replication_role = origin")
    connection.execute("vacuum analyze")


def ask(connection: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    """Fastest, median and slowest of warm runs of each question (on a shared machine the fastest says most), with its plan."""
    found = {}
    with connection.transaction():
        connection.execute("set local role wire_reader")
        ((newest,),) = connection.execute("select max(stated_by_at) from core.claim").fetchall()
        for name, question in QUESTIONS.items():
            times, rows = [], 0
            asked = question.replace("now()", f"timestamptz '{newest}'")
            for _ in range(RUNS + 1):
                started = time.perf_counter()
                rows = len(connection.execute(asked, prepare=False).fetchall())
                times.append((time.perf_counter() - started) * 1000)
            explained = connection.execute(f"explain (analyze, buffers, costs off) {asked}").fetchall()
            plan = "\n".join(line for (line,) in explained)
            warm = times[1:]
            times_ms = {"fastest_ms": min(warm), "median_ms": statistics.median(warm), "slowest_ms": max(warm)}
            found[name] = {"rows": rows, **times_ms, "plan": plan}
    return found


def measure_sizes(connection: psycopg.Connection[Any]) -> dict[str, tuple[int, int, int]]:
    """Rows, bytes and bytes of indexes of each table."""
    rows = connection.execute(
        """select table_name, row_count, total_bytes, index_bytes from mart.table_size
        where schema_name = 'core' and row_count > 1000"""
    ).fetchall()
    return {name: (count, total, index) for name, count, total, index in rows}


def report(size: int, answers: dict[str, dict[str, Any]], sizes: dict[str, tuple[int, int, int]]) -> None:
    """Print one size."""
    print(f"\n{size:,} claims\n{'question':<38}{'rows':>6}{'fastest ms':>12}{'median ms':>11}{'slowest ms':>12}")
    for name, answer in answers.items():
        mark = "" if answer["median_ms"] <= LIMIT_MS else "   over the limit"
        times = f"{answer['fastest_ms']:>12.1f}{answer['median_ms']:>11.1f}{answer['slowest_ms']:>12.1f}"
        print(f"{name:<38}{answer['rows']:>6}{times}{mark}")
    total = sum(t for _, t, _ in sizes.values())
    print(f"\n{'table':<20}{'rows':>12}{'MB':>9}{'of it indexes':>15}")
    for name, (count, table_total, index) in sorted(sizes.items(), key=lambda kv: -kv[1][1]):
        print(f"{name:<20}{count:>12,}{table_total / 1e6:>9.0f}{index / 1e6:>15.0f}")
    print(f"{total / size:.0f} bytes a claim; {YEAR:,} claims: {total / size * YEAR / 1e9:.0f} GB", flush=True)


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[1_000_000], help="sizes, rising; multiples of 400")
    parser.add_argument("--url", help="an empty database to fill, as its superuser; default: embedded")
    parser.add_argument("--folder", type=Path, help="where the embedded server keeps it; kept")
    parser.add_argument("--json", type=Path, help="write times and plans here")
    parser.add_argument("--skip-fill", action="store_true", help="ask only: the database is filled")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, serving(chosen.url, chosen.folder or Path(scratch)) as url:
        run(url, chosen)


def run(url: str, chosen: argparse.Namespace) -> None:
    """All sizes on one database."""
    migrate.migrate(url, ROOT / "sql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set jit = off")
        if not chosen.skip_fill:
            connection.execute(SETUP)
        done, results = 0, {}
        span_s = max(chosen.claims) // PER_ARTICLE * 10
        ((begin_at,),) = connection.execute("select (now() - %s * interval '1 second')::text", [span_s]).fetchall()
        for size in sorted(chosen.claims):
            started = time.perf_counter()
            if not chosen.skip_fill:
                fill(connection, done, size, begin_at)
                print(f"  filled in {time.perf_counter() - started:.0f} s")
            done = size
            results[size] = ask(connection)
            report(size, results[size], measure_sizes(connection))
        if chosen.json:
            chosen.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
