"""Feed parsing on the captured feeds: how fast, and whether titles and links are feedparser's full ones.

    python benchmarks/feeds.py [FOLDER]      (FOLDER: captured feeds and SOURCES.tsv; ../shared/data/feeds)

Three readers see the same bytes in one run: ours, feedparser with its sanitizer and URI resolver off, feedparser in
full. Each figure is the best of three rounds.
"""

from __future__ import annotations

import gzip
import io
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser

from pipeline.collect.feedparse import parse_feed, strip_markup

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
ROUNDS = 3


def load_feeds(folder: Path) -> list[tuple[str, bytes]]:
    """(address, body) of every captured feed."""
    rows = [line.split("\t") for line in (folder / "SOURCES.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return [(url, gzip.decompress((folder / name).read_bytes())) for name, url, *_ in rows]


def parse_with_feedparser(body: bytes, url: str, is_full: bool) -> Any:
    """feedparser alone, told where the feed lies."""
    headers = {"content-location": url, "content-type": "application/xml"}
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=is_full, resolve_relative_uris=is_full
    )


def measure(feeds: list[tuple[str, bytes]], read: Callable[[bytes, str], object]) -> float:
    """Seconds for all feeds, best of `ROUNDS`."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for url, body in feeds:
            read(body, url)
        seconds.append(time.process_time() - started)
    return min(seconds)


def compare(feeds: list[tuple[str, bytes]]) -> tuple[int, int, int]:
    """Entries, titles that differ, links that differ, against feedparser in full."""
    entries = titles = links = 0
    for url, body in feeds:
        ours, full = parse_feed(body, None, url).entries, parse_with_feedparser(body, url, True).entries
        entries += len(full)
        titles += abs(len(ours) - len(full))
        for mine, theirs in zip(ours, full, strict=False):
            titles += mine.title != strip_markup(theirs.get("title", ""))
            links += mine.url != (theirs.get("link") or None)
    return entries, titles, links


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    feeds = load_feeds(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    megabytes = sum(len(body) for _, body in feeds) / 1e6
    readers: dict[str, Callable[[bytes, str], object]] = {
        "parse_feed (ours)": lambda body, url: parse_feed(body, None, url),
        "feedparser, sanitizer and resolver off": lambda body, url: parse_with_feedparser(body, url, False),
        "feedparser in full": lambda body, url: parse_with_feedparser(body, url, True),
    }
    print(f"{len(feeds)} feeds, {megabytes:.1f} MB")
    for name, read in readers.items():
        seconds = measure(feeds, read)
        print(f"{name:<40} {seconds:6.2f} s   {megabytes / seconds:6.2f} MB/s")
    entries, titles, links = compare(feeds)
    print(f"{entries} entries: {titles} titles and {links} links differ from feedparser's full ones")


if __name__ == "__main__":
    main()
