"""Speed of ``extract_article`` beside plain trafilatura standard, in turn, page by page, in one process.

    python benchmarks/extract.py [SHARED] [ROUNDS]

Prints processor seconds of both for all pages (the best of the rounds for each page) and their ratio. Plain trafilatura gives the
body alone; ours gives body, title, authors, times and the rest.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from pipeline.extract import extract_article

REPOSITORY = Path(__file__).resolve().parent.parent


def load_pages(shared: Path) -> list[tuple[bytes, str | None]]:
    """The pages of ``aeb`` and ``wire_pages`` with their addresses."""
    truth = json.loads((shared / "data" / "aeb" / "ground-truth.json").read_text(encoding="utf-8"))
    pages = [
        (gzip.decompress((shared / "data" / "aeb" / "html" / f"{page}.html.gz").read_bytes()), truth[page].get("url"))
        for page in truth
    ]
    return pages + [
        (gzip.decompress(path.read_bytes()), None)
        for path in sorted((shared / "data" / "wire_pages").glob("*.html.gz"))
    ]


def seconds(call: Callable[[], object]) -> float:
    """Processor time of one call: other processes do not count."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY.parent / "shared"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    plain = ours = 0.0
    pages = load_pages(shared)
    for html, url in pages:
        extract_article(html, url)
        times = [
            (
                seconds(lambda html=html: trafilatura.extract(html, include_comments=False)),  # type: ignore[misc]
                seconds(lambda html=html, url=url: extract_article(html, url)),  # type: ignore[misc]
            )
            for _ in range(rounds)
        ]
        plain += min(time_of[0] for time_of in times)
        ours += min(time_of[1] for time_of in times)
    print(f"{len(pages)} pages: trafilatura {plain:.2f} s, ours {ours:.2f} s, ratio {ours / plain:.3f}")


if __name__ == "__main__":
    main()
