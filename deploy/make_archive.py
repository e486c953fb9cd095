"""Write an archive of made-up news, to show scaling without a network.

    python deploy/make_archive.py --articles 2000 FOLDER

Five texts tell one story: an agency's first state, a reprint in a paper, another agency's account, the first agency's
update (in every fourth story a correction) at the same address, a second reprint. So there are copies, stories,
revisions, threads and groups to find. Every story has names of its own; same arguments, same bytes. `wire replay`, or
the DAG `replay_archive`, with WIRE_FEEDS=demo/feeds reads it.
"""

# ruff: noqa: S311, T201  (made-up texts; a command line)
from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.collect.archive import Archive
from pipeline.records import FetchResult

PER_STORY = 5
BEGIN = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
SYLLABLES = [
    "bran",
    "kel",
    "dov",
    "mar",
    "sul",
    "tren",
    "vik",
    "or",
    "hal",
    "pet",
    "lin",
    "gar",
    "os",
    "fen",
    "rud",
    "zal",
]
FIRST_ENDS, SURNAME_ENDS, TOWN_ENDS, FIRM_ENDS = (
    ["a", "o", "in"],
    ["ova", "sen", "ick", "ard", "ez"],
    ["quay", "ford", "holm"],
    ["ex", "on"],
)
TRADES = ["Dockers", "Miners", "Drivers", "Nurses", "Teachers", "Bakers", "Welders", "Farmers", "Printers", "Pilots"]
TRADING = ["Lines", "Works", "Holding", "Freight", "Energy", "Foods", "Steel", "Timber", "Chemicals", "Water"]

# What is at issue is put together of these: deed, fault and thing make the charge; what bears it out; what is counted.
DEEDS = ("hiding", "ignoring", "causing", "covering up", "keeping quiet about", "profiting from", "burying")
FAULTS = ("cracks in", "a leak in", "rust in", "a fire in", "sand in", "solvents in", "a short circuit in", "mould in")
THINGS = (
    "ferry", "dam", "school", "depot", "bridge", "mill", "tunnel", "hospital", "lighthouse", "reactor", "bakery", "cable car",
    "waterworks", "grain store", "tannery", "quarry", "railway yard", "greenhouse", "brewery", "shipyard",
)  # fmt: skip
FOUND = ("a survey in {month} had found {fault} the {thing}", "inspectors had seen {fault} the {thing} in {month}")
COUNTED_THINGS = (
    "passengers were hurt", "houses were flooded", "children were taken ill", "workers were killed", "cars were stranded",
    "cattle were lost", "jobs were cut", "trains were cancelled", "letters went unanswered", "tonnes of grain were spoiled",
)  # fmt: skip
MONTHS = ["March", "April", "May", "June", "July", "August"]

LEAD = "{place}, Nov {day} ({agency}) - A union accused {firm} on {weekday} of {charge}, and {count} {counted}, officials said."
ACCUSES = (
    "“They knew, and they said nothing,” {union}, president of the {town} {trade}’ Union, told reporters. "
    "{Union} accused {firm} of {charge}."
)
DENIES = "{firm} denied {charge}. “Nothing of the kind has happened,” its general manager, {manager}, said."
UNCONFIRMED = (
    "The {town} safety office has not confirmed the union’s accusation. Its director, {director}, said the inquiry would "
    "take {n} weeks."
)
COUNTED = "{count} {counted}, {mayor}, the mayor of {town}, said."
SILENT = "{firm}’s insurer declined to comment."
UNNAMED = "Two people familiar with the inquiry said {borne}."
CONFIRMS = "{director}, the director of the safety office, confirmed that {borne}."
WOULD = "{mayor} said that {town} would ask for help from the province, {remark}."
SIGN_OFF = "(Reporting by {reporter}; Editing by Mara Tollund)"
REMARKS = (
    "adding that the bill could reach {n} million crowns", "although nobody had counted the boats", "before the harvest began",
    "because the road to the port was closed", "if the river rose by another {n} centimetres",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One text of a story: where it stands, its headline and paragraphs."""

    host: str
    path: str
    credit: str
    headline: str
    paragraphs: tuple[str, ...]


def make_name(draw: random.Random, ends: Sequence[str]) -> str:
    """A name of two or three syllables."""
    return ("".join(draw.sample(SYLLABLES, draw.choice((1, 2)))) + draw.choice(ends)).capitalize()


def make_words(draw: random.Random, at: datetime) -> dict[str, str]:
    """Names, numbers and matter of one story."""
    roles = ("union", "manager", "director", "mayor", "reporter")
    words = {role: f"{make_name(draw, FIRST_ENDS)} {make_name(draw, SURNAME_ENDS)}" for role in roles}
    words |= {
        "town": make_name(draw, TOWN_ENDS), "trade": draw.choice(TRADES), "month": draw.choice(MONTHS),
        "firm": f"{make_name(draw, FIRM_ENDS)} {draw.choice(TRADING)}", "weekday": at.strftime("%A"), "day": str(at.day),
        "thing": f"{make_name(draw, TOWN_ENDS)} {draw.choice(THINGS)}", "fault": draw.choice(FAULTS),
        "counted": draw.choice(COUNTED_THINGS), "n": str(draw.randint(3, 60)), "count": str(draw.randint(3, 400)),
    }  # fmt: skip
    made = {
        "charge": draw.choice(DEEDS) + " {fault} the {thing}",
        "borne": draw.choice(FOUND),
        "remark": draw.choice(REMARKS),
    }
    words |= {key: text.format(**words) for key, text in made.items()}
    words |= {"place": words["town"].upper(), "Union": words["union"].split()[-1]}
    return words


def make_story(number: int, at: datetime) -> Iterator[Page]:
    """The five texts of a story, in order."""
    draw = random.Random(number)
    words = make_words(draw, at)
    more = {**words, "count": str(int(words["count"]) + draw.randint(1, 9))}
    matter = f"{words['firm']} accused over {words['town']}"

    def write(headline: str, agency: str, *forms: str, **other: str) -> tuple[str, tuple[str, ...]]:
        filled = {**words, **other, "agency": agency}
        return headline, tuple(form.format(**filled) for form in forms)

    own = f"/made-up/{number}.html"
    middle = draw.sample((UNCONFIRMED, COUNTED, WOULD, SILENT), 3)
    first = (LEAD, ACCUSES, DENIES, *middle, SIGN_OFF)
    yield Page("wire.halcyon.example", own, "", *write(matter, "Halcyon", *first))
    yield Page(
        "www.quayside-daily.example", own, "Halcyon", *write(f"Union turns on {words['firm']}", "Halcyon", *first[:-1])
    )
    second = (LEAD, CONFIRMS, DENIES, COUNTED, UNNAMED, WOULD)
    yield Page(
        "news.meridian.example", own, "", *write(f"{words['town']} waits for answers", "Meridian", *second, **more)
    )
    if number % 4:
        added = (
            "(Updates number in paragraph 1, adds director)",
            LEAD,
            ACCUSES,
            DENIES,
            CONFIRMS,
            *middle[1:],
            SIGN_OFF,
        )
        yield Page("wire.halcyon.example", own, "", *write(f"UPDATE 1-{matter}", "Halcyon", *added, **more))
    else:
        mended = ("(Corrects number in paragraph 1)", *first)
        yield Page("wire.halcyon.example", own, "", *write(f"CORRECTED-{matter}", "Halcyon", *mended, **more))
    yield Page(
        "www.evening-lantern.example",
        own,
        "Meridian",
        *write(f"Answers wanted in {words['town']}", "Meridian", *second[:-1], **more),
    )


def fetch(page: Page, at: datetime) -> FetchResult:
    """The page as it was fetched, five minutes after it was published."""
    url, printed = f"http://{page.host}{page.path}", (at - timedelta(minutes=5)).isoformat()
    byline = f'<meta name="author" content="{page.credit}">' if page.credit else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in page.paragraphs)
    html = (
        f'<!doctype html><html lang="en"><head><title>{page.headline}</title><meta property="og:type" content="article">{byline}'
        f'<meta property="article:published_time" content="{printed}"><meta property="article:modified_time" content="{printed}">'
        f'<link rel="canonical" href="{url}"></head><body><article><h1>{page.headline}</h1>{text}</article></body></html>'
    )
    headers = (("content-type", "text/html; charset=utf-8"),)
    return FetchResult(url, url, "ok", 200, headers, html.encode(), at, 0.1)


def main() -> None:
    """Write the archive: a text a minute, five minutes between those of a story, several stories under way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    chosen = parser.parse_args()
    with Archive(chosen.folder) as archive:
        for number in range(-(-chosen.articles // PER_STORY)):
            begin = BEGIN + timedelta(minutes=PER_STORY * number)
            for part, page in enumerate(make_story(number, begin)):
                if number * PER_STORY + part < chosen.articles:
                    archive.write(fetch(page, begin + timedelta(minutes=11 * part)))
    print(f"{chosen.articles} texts in {chosen.folder}")


if __name__ == "__main__":
    main()
