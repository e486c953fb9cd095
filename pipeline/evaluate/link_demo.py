"""Linking on the demo wire against its own script: copies and stories by pairs, contested groups by B-cubed, stances.

Needs a database that has polled the demo's three stages and linked them.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.evaluate.pairs import precision_recall, share
from pipeline.store.database import Connection

Script = Mapping[str, Any]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Located:
    """One stance of the script, with the group and stance that the database gives it; None where no claim was found."""

    key: str
    stance: str
    words: str
    group: int | None
    found: str | None


def evaluate_demo(connection: Connection, script_path: Path, paths: Mapping[str, str]) -> dict[str, Any]:
    """``demo.*`` figures. ``paths`` maps a story's id in the script to the path of its address."""
    script = tomllib.loads(script_path.read_text(encoding="utf-8"))
    located = locate_stances(connection, script, paths)
    figures = {f"demo.copies.{k}": v for k, v in copy_figures(connection, script).items()}
    figures |= {f"demo.stories.{k}": v for k, v in story_figures(connection, script).items()}
    figures |= {f"demo.groups.{k}": v for k, v in bcubed(located).items()}
    figures["demo.stances"] = share(place.found == place.stance for place in located)
    figures["demo.stances_located"] = share(place.group is not None for place in located)
    return figures


def copy_figures(connection: Connection, script: Script) -> dict[str, float]:
    """Precision and recall of (copy, original); a repeat by the agency itself is told apart by its method."""
    gold = {(row["article"], row["of"]) for row in script["copy"]}
    rows = connection.execute(
        "select a.canonical_url as copy, o.canonical_url as original from core.article as a"
        " join core.article as o on o.article_id = a.copy_of_article_id where a.copy_method <> 'repeat'"
    ).fetchall()
    found = {(row["copy"], row["original"]) for row in rows}
    return precision_recall(len(gold & found), len(found), len(gold))


def story_figures(connection: Connection, script: Script) -> dict[str, float]:
    """Precision and recall of pairs of articles in one story, over the articles that the script names."""
    gold_of = {url: row["key"] for row in script["story"] for url in row["articles"]}
    rows = connection.execute("select canonical_url, story_id from core.article").fetchall()
    found_of = {row["canonical_url"]: row["story_id"] for row in rows if row["canonical_url"] in gold_of}
    gold, found = same_pairs(gold_of, found_of), same_pairs(found_of, found_of)
    return precision_recall(len(gold & found), len(found), len(gold))


def same_pairs(home: Mapping[str, Any], urls: Mapping[str, Any]) -> set[Pair]:
    """Pairs of these addresses that share a home."""
    return {(a, b) for a, b in itertools.combinations(sorted(urls), 2) if home[a] == home[b]}


def locate_stances(connection: Connection, script: Script, paths: Mapping[str, str], stage: int = 3) -> list[Located]:
    """Each stance of each contested matter that stands after so many polls, with the group of the claim that its words stand in."""
    return [
        Located(matter["key"], row["stance"], row["words"], *find_place(connection, paths[row["story"]], row["words"]))
        for matter in script["contested"] for row in matter["stances"] if row["stage"] <= stage
    ]  # fmt: skip


def find_place(connection: Connection, path: str, words: str) -> tuple[int | None, str | None]:
    """Group and stance of the claim whose content, cue and source share most with words of an article, the outer one first."""
    row = connection.execute(_PLACE, {"path": path, "words": words}).fetchone()
    return (row["claim_group_id"], row["stance"]) if row else (None, None)


def bcubed(located: Sequence[Located]) -> dict[str, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998) of the stances by group; one not located stands alone."""
    homes = [place.group if place.group is not None else -n for n, place in enumerate(located, 1)]
    precision, recall = [], []
    for place, home in zip(located, homes, strict=True):
        same = [other for other, group in zip(located, homes, strict=True) if group == home]
        right = sum(other.key == place.key for other in same)
        precision.append(right / len(same))
        recall.append(right / sum(other.key == place.key for other in located))
    p, r = sum(precision) / len(precision), sum(recall) / len(recall)
    return {"precision": round(p, 3), "recall": round(r, 3), "f1": round(2 * p * r / (p + r), 3)}


_PLACE = """
with words as (
  select r.article_revision_id, strpos(r.body, %(words)s) - 1 as a, strpos(r.body, %(words)s) - 1 + length(%(words)s) as b
  from core.article as x
  join core.article_revision as r using (article_id)
  where right(x.canonical_url, length(%(path)s)) = %(path)s and strpos(r.body, %(words)s) > 0
), spans as (
  select c.claim_id, c.claim_thread_id, c.parent_claim_id,
    greatest(0, least(s.span_end, w.b) - greatest(s.span_start, w.a)) as n
  from words as w
  join core.claim as c using (article_revision_id)
  join core.analysis as y on y.analysis_id = c.analysis_id and y.is_current
  join (
    select claim_id, part, span_start, span_end from core.claim_span
    union all
    select claim_id, 'source', span_start, span_end from core.claim_source where span_start is not null
  ) as s on s.claim_id = c.claim_id
)
select m.claim_group_id, m.stance, sum(s.n) as n
from spans as s
join core.claim_group_member as m using (claim_thread_id)
group by s.claim_id, s.parent_claim_id, m.claim_group_id, m.stance
having sum(s.n) > 0
order by sum(s.n) desc, s.parent_claim_id nulls first, s.claim_id
limit 1
"""
