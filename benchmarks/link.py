"""What linking costs as the archive grows: made-up stories, loaded and linked in batches of claims.

    python benchmarks/link.py --claims 16000 --batch 2000 [--words codes] [--url postgresql://…] [--json FILE]

Each story is told by five articles (two agencies, an update, two reprints) of ten claims; three in ten claims of a story are
on one matter that one party asserts and another denies. A batch is linked as the job links it, in one transaction; seconds a
batch, and those that the linker itself computed (the rest is the server's, and waiting), are printed against the claims that
stand in the archive. Linear means: the last batch costs what the second did. Then the questions on groups are asked warm.
Words are shared as news shares them: 2.1 pairs a statement are read, on the demo's wire 1.8. ``--words codes`` has sentences
of double length instead. Without --url an embedded server below a temporary folder serves.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.groups import QUESTIONS
from pipeline.jobs import linking
from pipeline.link.words import common_words
from pipeline.records import Annotation, Claim, ClaimSource, Cue, Entity, Mention, Span, TimeRange, WireCopy
from pipeline.settings import ROOT
from pipeline.store import articles, claims, migrate, runs
from pipeline.store.articles import NewRevision
from pipeline.store.claims import Reading, Revision
from pipeline.store.database import Connection, connect, transaction
from pipeline.store.server import Server

DATABASE = "wire_benchmark_link"
START = datetime(2026, 1, 1, tzinfo=UTC)
PER_ARTICLE, PER_STORY, ON_MATTER = 10, 5, 3
# Share of common words; and of the others, how many a story's topic has, how many names, how many that stand alone.
COMMON, TOPIC, NAMES, ALONE = 0.45, 18, 4, 10
SETUP = """
insert into core.outlet (outlet_key, name) select 'outlet-' || n, 'Outlet ' || n from generate_series(1, 5) as n;
insert into core.agency (agency_key, name) select 'outlet-' || n, 'Outlet ' || n from generate_series(1, 2) as n;
"""


@contextmanager
def database(url: str | None) -> Iterator[Connection]:
    """A connection to an empty, migrated database of our own."""
    if url is not None:
        migrate.migrate(url, ROOT / "sql")
        with connect(url) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="wl") as folder:
        server = Server(Path(folder))
        with server.running():
            migrate.ensure_database(server.url("postgres"), DATABASE)
            migrate.migrate(server.url(DATABASE), ROOT / "sql")
            with connect(server.url(DATABASE)) as connection:
                yield connection


def name_of(number: int) -> str:
    """A made-up name for a number, of two syllables or more."""
    syllables = ""
    while number or len(syllables) < 4:
        number, rest = divmod(number, 75)
        syllables += "bdfgklmnprstvzh"[rest // 5] + "aeiou"[rest % 5]
    return syllables.capitalize()


def draw_news(story: int, seed: int, count: int) -> list[str]:
    """Words as news shares them: by their share of articles, some of the story's topic, its names, some that nothing else has."""
    draw = random.Random(seed)
    topic = random.Random(story).choices([*common_words()], k=TOPIC)
    names = [name_of(story * 8 + n) for n in range(NAMES)]
    others = [*topic, *names, *(name_of(draw.randrange(10**6)) for _ in range(ALONE))]
    common = draw.choices([*common_words()], [*common_words().values()], k=count)
    return [word if draw.random() < COMMON else draw.choice(others) for word in common]


def draw_codes(story: int, seed: int, count: int) -> list[str]:
    """Words that no news has: shared by chance over all stories, and of five word pieces or more, so that a reading takes long."""
    draw = random.Random(seed)
    return [
        f"w{draw.randrange(3000)}" if draw.random() < 0.6 else f"s{seed}x{draw.randrange(40)}" for _ in range(count)
    ]


def write_article(story: int, part: int, words: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Body and its claims (speaker, act, content). Parts 3 and 4 reprint 0 and 1; part 2 updates 0."""
    source = {3: 0, 4: 1}.get(part, part)
    draw_words, matter_count, own_count = WORDS[words]
    matter = draw_words(story, story, matter_count)
    draw = random.Random(story * 10 + source)
    said = []
    for n in range(PER_ARTICLE):
        who = f"Speaker{story % 500}{'AB'[n % 2]} Of{story}{'AB'[n % 2]}"
        own = draw_words(story, story * 100 + source * 20 + n, own_count)
        is_matter = n < ON_MATTER
        content = f"the {' of '.join([*matter, *own[:2]] if is_matter else own)} {draw.randrange(10)}"
        said.append((who, "deny" if n % 2 and is_matter else "state", content))
    return "\n".join(f"{who} {'denied' if act == 'deny' else 'said'} {content}." for who, act, content in said), said


# How words are drawn, and how many a matter and a claim's own part have: the demo's claims hold six concepts.
WORDS = {"news": (draw_news, 4, 5), "codes": (draw_codes, 9, 8)}


def annotate(revision: Revision, said: list[tuple[str, str, str]]) -> Annotation:
    """The annotation that an analyser would give."""
    entities: dict[str, Entity] = {}
    found, at = [], 0
    for n, (who, act, content) in enumerate(said):
        start = revision.body.index(who, at)
        cue_start = start + len(who) + 1
        cue = "denied" if act == "deny" else "said"
        content_start = cue_start + len(cue) + 1
        at = content_start + len(content)
        entity = entities.setdefault(
            who, Entity(len(entities), who, "person", None, (), "person:" + who.lower().replace(" ", "-"))
        )
        entities[who] = replace(entity, mentions=(*entity.mentions, Mention(start, start + len(who), who, "name")))
        found.append(
            Claim(
                n, (ClaimSource(start, start + len(who), who, "named", entity.id, None),),
                Cue(cue_start, cue_start + len(cue), cue, cue), (Span(content_start, at, content),),
                f"{who} {cue} {content}.", "indirect", "deny" if act == "deny" else "state",
                "negative" if act == "deny" else "positive", "certain", (), TimeRange(None, None, why="benchmark"), None,
                (), (), None, None, 1.0,
            )
        )  # fmt: skip
    wire = WireCopy(None, None, None, None, (), None, None, (), (0, len(revision.body)))
    return Annotation(wire, tuple(entities.values()), tuple(found), (), "benchmark")


def load(connection: Connection, first: int, count: int, words: str) -> None:
    """Load articles number ``first`` to ``first + count`` with their claims, as reading and analysing do."""
    new, texts = [], {}
    for number in range(first, first + count):
        story, part = divmod(number, PER_STORY)
        body, said = write_article(story, part, words)
        at = START + timedelta(minutes=3 * number)
        outlet = {0: 1, 1: 2, 2: 1, 3: 3, 4: 4}[part]
        agency = {0: 1, 1: 2, 2: 1, 3: 1, 4: None}[part]
        url = f"http://outlet-{outlet}.example/{number}"
        texts[url] = said
        digest = sha256(body.encode()).digest()
        new.append(
            NewRevision(
                url, (url,), outlet, agency, f"feed-{outlet}", at, 1, "original", "page", f"Town{story}: what happened",
                f"In Town{story} near Lake{story} at Fort{story}.\n{body}", (), None, (), "en", (), None, (), None, at, None,
                at, False, digest, digest, "benchmark", None, None,
            )
        )  # fmt: skip
    run_id = runs.start_run(connection, "benchmark", {})
    with transaction(connection):
        articles.add_revisions(connection, new, runs.start_batch(connection, run_id, "revise"))
    rows = connection.execute(
        "select article_revision_id from core.article_revision where seen_at >= %s order by 1", [new[0].seen_at]
    ).fetchall()
    revisions = claims.get_revisions(connection, [row["article_revision_id"] for row in rows])
    urls = {row["article_id"]: row["canonical_url"] for row in connection.execute(
        "select article_id, canonical_url from core.article where article_id = any (%s)", [[r.article_id for r in revisions]]
    )}  # fmt: skip
    readings = [Reading(r, annotate(r, texts[urls[r.article_id]])) for r in revisions]
    with transaction(connection):
        claims.add_readings(connection, readings, "benchmark", runs.start_batch(connection, run_id, "analyse"))


def ask(connection: Connection) -> dict[str, float]:
    """Milliseconds of each question, the median of five warm ones."""
    connection.execute("analyze")
    found = {}
    for name, query in QUESTIONS.items():
        times = []
        for _ in range(6):
            begin = time.perf_counter()
            connection.execute(query).fetchall()  # type: ignore[call-overload]
            times.append(1000 * (time.perf_counter() - begin))
        found[name] = round(statistics.median(times[1:]), 1)
    return found


def main() -> None:
    """Load, link, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=16_000)
    parser.add_argument("--batch", type=int, default=2_000)
    parser.add_argument("--words", choices=WORDS, default="news")
    parser.add_argument("--url")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    size = chosen.batch // PER_ARTICLE
    rows: list[dict[str, Any]] = []
    with database(chosen.url) as connection:
        connection.execute(SETUP)
        for feed in range(1, 6):
            connection.execute(
                "insert into core.feed (feed_key, outlet_id, url, title, language, may_store_text)"
                " values (%s, %s, %s, 'Feed', 'en', true)", [f"feed-{feed}", feed, f"http://outlet-{feed}.example/feed"],
            )  # fmt: skip
        for done in range(0, chosen.claims // PER_ARTICLE, size):
            load(connection, done, size, chosen.words)
            with runs.recorded_run(connection, "link", {}) as run_id:
                begin, used = time.perf_counter(), time.process_time()
                counts = linking.link_batches(connection, run_id)
            seconds, own = time.perf_counter() - begin, time.process_time() - used
            archive = (done + size) * PER_ARTICLE
            rows.append({"archive": archive, "seconds": round(seconds, 2), "own_seconds": round(own, 2), **counts})
            print(rows[-1], flush=True)
        asked = ask(connection)
    print(json.dumps(asked, indent=1))
    if chosen.json:
        chosen.json.write_text(json.dumps({"batches": rows, "questions_ms": asked}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
