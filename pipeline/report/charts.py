"""Claims over time, drawn by Vega-Lite (vl-convert, no network) and re-coloured by the page's own variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

import vl_convert

from pipeline.report.records import Bar, Column

VEGA_LITE = "6.4"
# Stand-ins that Vega accepts as colours; each becomes the page's variable, so that one picture serves light and dark.
INKS: Mapping[str, str] = {
    "#a10001": "var(--asserts)",
    "#a10002": "var(--denies)",
    "#a10003": "var(--does_not_confirm)",
    "#a10004": "var(--silent)",
    "#a10005": "var(--soft)",
    "#a10006": "var(--rule)",
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
    values = [
        {
            "from": bar.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "to": (bar.at + timedelta(hours=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "stance": LABELS[bar.column],
            "order": list(LABELS).index(bar.column),
            "claims": bar.count,
        }
        for bar in bars
    ]
    svg = vl_convert.vegalite_to_svg(_spec(values, width, height), vl_version=VEGA_LITE)
    return _adopt(svg)


def _spec(values: Sequence[Mapping[str, Any]], width: int, height: int) -> dict[str, Any]:
    axis = {"labelColor": "#a10005", "domainColor": "#a10006", "tickColor": "#a10006", "gridColor": "#a10006"}
    return {
        "width": width,
        "height": height,
        "padding": 2,
        "background": "transparent",
        "data": {"values": list(values)},
        "mark": {"type": "bar", "binSpacing": 1},
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
                    "labelExpr": "hours(datum.value) == 0 ? utcFormat(datum.value, '%a %-d') : utcFormat(datum.value, '%H:%M')",
                },
            },
            "x2": {"field": "to"},
            "y": {"field": "claims", "type": "quantitative", "stack": "zero", "axis": {"title": None, "tickCount": 4}},
            "order": {"field": "order"},
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
