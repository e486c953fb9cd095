"""Pictures of a report for the documentation: ``python -m tests.browser.pictures var/report.html docs/pictures``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.chromium import browsing, find_chromium

# name, width, height, scheme, medium, what to bring to the top
PICTURES = (
    ("report-light", 1400, 1000, "light", "", ""),
    ("report-dark", 1400, 1000, "dark", "", ""),
    ("report-narrow", 400, 1100, "light", "", ""),
    ("report-changes", 1400, 900, "light", "", "changed"),
    ("report-feeds", 1400, 1000, "dark", "", "feeds"),
)


def main(report: Path, folder: Path) -> None:
    """Write each picture as a PNG."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("no Chromium on the path")
    folder.mkdir(parents=True, exist_ok=True)
    with browsing(chromium) as page:
        for name, width, height, scheme, medium, top in PICTURES:
            page.open(report, width, height, scheme, medium)
            if top:
                page.evaluate(f"document.getElementById('{top}').scrollIntoView({{behavior: 'instant'}})")
            page.shoot(folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
