"""Write an archive of made-up articles, to show scaling without a network.

    python deploy/make_archive.py --articles 2000 FOLDER

Every article is a page under one of the demo's hosts, with a text of its own: same arguments, same bytes. `wire replay`,
or the DAG `replay_archive`, with WIRE_FEEDS=demo/feeds reads it.
"""

# ruff: noqa: S311, T201  (made-up texts; a command line)
from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.collect.archive import Archive
from pipeline.records import FetchResult

HOSTS = ("www.quayside-daily.example", "www.evening-lantern.example", "www.saltmarsh-courier.example")
BEGIN = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
PEOPLE = (
    "Ada Brandt", "Ilse Kroon", "Marek Solny", "Jonas Veld", "Petra Lindqvist", "Tomas Okafor", "Nadia Ferreira", "Owen Teague",
    "Lena Marsh", "Viktor Hale", "Rosa Quint", "Emil Castor",
)  # fmt: skip
ROLES = ("harbour master", "mayor", "police chief", "union leader", "energy minister", "spokeswoman for the port")
PLACES = ("Northquay", "Saltmarsh", "Brackwater", "Ferrow", "Eastholm", "Tarn Bridge")
MATTERS = (
    "the ferry had left without a full crew", "repairs to the dam would take {n} months", "{n} containers were missing",
    "the new tariff would cost the port {n} jobs", "the fire had started in the engine room", "no warning had been given",
    "the bridge would stay closed for {n} days", "{n} people had been taken to hospital", "the contract had been cancelled",
)  # fmt: skip
FORMS = (
    "{who}, the {role}, said on {day} that {what}.",
    "\u201cWe were told that {what},\u201d {who} told reporters in {place}.",
    "{who} denied that {what}.",
    "Officials in {place} said {what}, but {who} could not confirm it.",
    "According to {who}, {what}.",
    "Two people familiar with the matter said {what}.",
    "{who} accused the {role} of hiding that {what}.",
    "{who} declined to comment on reports that {what}.",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def write_sentence(draw: random.Random) -> str:
    """One sentence with a claim."""
    what = draw.choice(MATTERS).format(n=draw.randint(2, 400))
    return draw.choice(FORMS).format(
        who=draw.choice(PEOPLE), role=draw.choice(ROLES), day=draw.choice(DAYS), place=draw.choice(PLACES), what=what
    )


def make_page(number: int) -> FetchResult:
    """The page of one article, fetched a minute after the one before."""
    draw = random.Random(number)
    at = BEGIN + timedelta(minutes=number)
    url = f"http://{HOSTS[number % len(HOSTS)]}/made-up/{number}"
    title = f"{draw.choice(PLACES)} {draw.choice(('port', 'council', 'dam', 'ferry'))} report {number}"
    paragraphs = "".join(f"<p>{write_sentence(draw)} {write_sentence(draw)}</p>" for _ in range(draw.randint(4, 9)))
    html = (
        f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{(at - timedelta(minutes=5)).isoformat()}">'
        f'<link rel="canonical" href="{url}"></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>'
    )
    headers = (("content-type", "text/html; charset=utf-8"),)
    return FetchResult(url, url, "ok", 200, headers, html.encode(), at, 0.1)


def main() -> None:
    """Write the archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    chosen = parser.parse_args()
    with Archive(chosen.folder) as archive:
        for number in range(chosen.articles):
            archive.write(make_page(number))
    print(f"{chosen.articles} articles in {chosen.folder}")


if __name__ == "__main__":
    main()
