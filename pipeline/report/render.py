"""A :class:`~pipeline.report.records.Ledger` to one self-contained page."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.cards import COLUMNS, decide_cards, say_list
from pipeline.report.charts import LABELS, draw_claims_over_time
from pipeline.report.records import Bar, Ledger
from pipeline.report.times import say_day, say_iso, say_span, say_time

TEMPLATES = Path(__file__).with_name("templates")
CARD_LIMIT = 60
STANDINGS: Mapping[str, str] = {
    "contested": "Contested",
    "unconfirmed": "Unconfirmed",
    "denied": "Denied; nobody here asserts it",
    "not_confirmed": "Not confirmed; nobody here asserts it",
    "unanswered": "Asked, not answered",
    "confirmed": "Confirmed",
    "one_party": "Asserted and denied by one party",
}
COLUMN_TITLES: Mapping[str, str] = {
    "asserts": "Asserts",
    "denies": "Denies",
    "does_not_confirm": "Does not confirm",
    "silent": "Silent",
}
STANCES: Mapping[str, str] = {
    "confirms": "confirms",
    "declines": "declines to comment",
    "no_response": "has not answered",
}
ALARMS: Mapping[str, str] = {
    "quiet": "quiet: nothing new for much longer than usual",
    "gap": "gap: entries may have come and gone between two polls",
    "lying_validator": "says unchanged when it has changed",
}


def find_safe_url(url: str) -> str | None:
    """The address where it is a plain http or https one, else None: text from the wires is hostile."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def render_report(ledger: Ledger) -> str:
    """The page, in HTML."""
    cards, lone = decide_cards(ledger.statements, ledger.links, ledger.memberships)
    style, script = _read("report.css"), _read("report.js")
    view: dict[str, Any] = {
        "ledger": ledger,
        "cards": cards[:CARD_LIMIT],
        "hidden_cards": max(0, len(cards) - CARD_LIMIT),
        "contested_count": sum(card.standing == "contested" for card in cards),
        "unconfirmed_count": sum(card.standing == "unconfirmed" for card in cards),
        "denials": [one for one in lone if one.act == "deny"],
        "unconfirmed": [one for one in lone if one.act == "not_confirm"],
        "silences": [one for one in lone if one.act in {"decline", "no_response"}],
        "failing": [feed for feed in ledger.feeds if feed.health == "failing"],
        "alarming": [feed for feed in ledger.feeds if feed.health == "alarm"],
        "chart_wide": Markup(draw_claims_over_time(ledger.bars, 1120)),  # noqa: S704 (Vega's own markup, from counts)
        "chart_narrow": Markup(draw_claims_over_time(ledger.bars, 320, 150)),  # noqa: S704
        "hours": _table_of_hours(ledger.bars),
        "style": Markup(style),  # noqa: S704 (our own file)
        "script": Markup(script),  # noqa: S704
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    return _environment(ledger.now).get_template("report.html.j2").render(view)


def _environment(now: datetime) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        safe_url=find_safe_url,
        when=lambda at: say_time(at, now),
        iso=say_iso,
        day=say_day,
        listed=say_list,
        count=_say_count,
    )
    environment.globals.update(
        columns=COLUMNS,
        column_titles=COLUMN_TITLES,
        standings=STANDINGS,
        stances=STANCES,
        alarms=ALARMS,
        labels=LABELS,
        say_span=say_span,
    )
    return environment


def _say_count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _table_of_hours(bars: Sequence[Bar]) -> list[tuple[datetime, dict[str, int]]]:
    hours: dict[datetime, dict[str, int]] = defaultdict(dict)
    for bar in bars:
        hours[bar.at][bar.column] = bar.count
    return sorted(hours.items())


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
