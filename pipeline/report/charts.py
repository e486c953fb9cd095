"""Claims over time, drawn by Vega-Lite (vl-convert, no network) and re-coloured by the page's own variables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import vl_convert

from pipeline.report.records import Bar, Column

VEGA_LITE = "6.4"
# Stand-ins that Vega accepts as colours; each becomes the page's variable, so that one picture serves light and dark.
INKS: Mapping[str, str] = {
    "#a10001": "var(--plain)",
    "#a10002": "var(--denies)",
    "#a10003": "var(--does_not_confirm)",
    "#a10004": "var(--silent)",
    "#a10005": "var(--soft)",
    "#a10006": "var(--rule)",
    "#a10007": "var(--paper)",
}
INK_OF: Mapping[Column, str] = {
    "asserts": "#a10001",
    "denies": "#a10002",
    "does_not_confirm": "#a10003",
    "silent": "#a10004",
}
LABELS: Mapping[Column, str] = {
    "asserts": "Asserts",
    "denies": "Denies",
    "does_not_confirm": "Does not confirm",
    "silent": "Silent",
}


def draw_claims_over_time(bars: Sequence[Bar], width: int, height: int = 170) -> str:
    """An SVG of claims by hour and stance; empty where there is nothing to draw."""
    if not bars:
        return ""
    values = _stack(bars)
    svg = vl_convert.vegalite_to_svg(_spec(values, width, height), vl_version=VEGA_LITE)
    return _adopt(svg)


def _stack(bars: Sequence[Bar]) -> list[dict[str, Any]]:
    """Rows for Vega, each hour's stances one on the other (Vega stacks no bar that has both its ends given)."""
    tops: dict[datetime, int] = defaultdict(int)
    values = []
    for bar in sorted(bars, key=lambda bar: (bar.at, list(LABELS).index(bar.column))):
        low = tops[bar.at]
        tops[bar.at] = low + bar.count
        values.append(
            {
                "from": bar.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "to": (bar.at + timedelta(hours=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "stance": LABELS[bar.column],
                "low": low,
                "high": tops[bar.at],
            }
        )
    return values


def _spec(values: Sequence[Mapping[str, Any]], width: int, height: int) -> dict[str, Any]:
    axis = {"labelColor": "#a10005", "domainColor": "#a10006", "tickColor": "#a10006", "gridColor": "#a10006"}
    return {
        "width": width,
        "height": height,
        "padding": 2,
        "background": "transparent",
        "data": {"values": list(values)},
        "mark": {"type": "bar", "binSpacing": 0, "stroke": "#a10007", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "from",
                "type": "temporal",
                "scale": {"type": "utc"},
                "axis": {
                    "title": None,
                    "grid": False,
                    "labelOverlap": True,
                    "tickCount": max(3, width // 110),
                    "labelExpr": "utchours(datum.value) == 0 ? utcFormat(datum.value, '%a %-d') : utcFormat(datum.value, '%H:%M')",
                },
            },
            "x2": {"field": "to"},
            "y": {"field": "low", "type": "quantitative", "axis": {"title": None, "tickCount": 4}},
            "y2": {"field": "high"},
            "color": {
                "field": "stance",
                "type": "nominal",
                "scale": {"domain": list(LABELS.values()), "range": list(INK_OF.values())},
                "legend": None,
            },
        },
        "config": {"axis": {**axis, "labelFontSize": 11, "domain": True}, "view": {"stroke": None}},
    }


def _adopt(svg: str) -> str:
    """Colours to variables, the page's type, a size that follows the column; hidden from readers, who have the table."""
    for stand_in, variable in INKS.items():
        svg = svg.replace(stand_in, variable)
    svg = re.sub(r'font-family="[^"]*"', 'font-family="inherit"', svg)
    svg = re.sub(r'\s(?:role|aria-label|aria-roledescription)="[^"]*"', "", svg)
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)
