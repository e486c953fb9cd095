"""Writes the model card: the fixed text below and figures measured on the dev set with the shipped model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.analyse.tagger import AttributionTagger
from pipeline.analyse.tagger_features import Syntax
from pipeline.evaluate.attribution import ROLES, Scores, score
from training.tune import as_record

CARD = """# Model card: attribution tagger {version}

**What it does.** Reads English news text and marks who says what: source, cue and content spans, linked, with a
confidence. Written by `make train`; the decisions behind it are in `docs/decisions/attribution-model.md`.

**Network.** MiniLM-L6 (all-MiniLM-L6-v2, Apache-2.0; 22 million weights), uncased; word shape, quotation state, part of
speech and relation added to its input; three steps along the dependency tree; a chain (CRF) whose transitions the
network gives; learned links from content to cue and from cue to source. int8, {size:.1f} MB, sha256 `{sha}`.

**Data.** PolNeAR v1.0: 840 articles on US politics of 2015 and 2016 from seven publishers, 19,834 attributions, each
by one annotator. 42 of the articles were kept back to settle the decoder and the confidence; the dev set's 84 articles
were not trained or tuned on.

**Licence question.** The corpus states no licence, and its texts belong to their publishers. The model was trained on
it; no text of it is in this repository, nor can it be read back from the decoder's settings. Whether weights trained on
such texts may be passed on is not settled everywhere: who needs certainty should train on data of their own with the
same command. The vocabulary file is that of all-MiniLM-L6-v2.

## Figures on dev, by this model with the pipeline's own parse
F1 unless said otherwise; the measures are those of `pipeline/evaluate/attribution.py`.

{table}

## By publisher
{publishers}

## Calibration on dev
An attribution is right here when a gold one shares half its content, its source and its cue.

{calibration}

## Known failures
- The corpus is American political news. Wire style of other countries, sport and markets was not measured with gold.
- One level only: an attribution inside another's content comes from a second reading (`flat=False`), which has no gold.
- Cues of attitude ("backed", "is expected") are found less well than cues of saying: see all against reporting.
- Contents over several paragraphs (0.8 % of the corpus) are linked only inside one window of 190 word pieces.
- Borders before a trailing clause ("…, which would cost more") are where annotators differ, and the model too.
- Single quotation marks are not seen as quotation.
- Without a parse (`doc=None`), F1 falls by one to three points.
"""


def predict(tagger: AttributionTagger, records: Sequence[dict[str, Any]], parses: dict[str, Syntax]) -> dict[str, Any]:
    """Attributions by doc_id, in the shape of the corpus."""
    found = tagger.tag_batch([r["text"] for r in records], [parses[r["doc_id"]] for r in records])
    return {r["doc_id"]: as_record(own) for r, own in zip(records, found, strict=True)}


def write_card(path: Path, folder: Path, records: Sequence[dict[str, Any]], parses: dict[str, Syntax]) -> None:
    """Measures the shipped model and writes the card."""
    from training.tune import calibration_rows

    tagger = AttributionTagger.load(folder)
    predicted = predict(tagger, records, parses)
    publishers = sorted({record["publisher"] for record in records})
    rows = [
        "| publisher | articles | source | cue | content | reporting soft | strict |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in publishers:
        own = [record for record in records if record["publisher"] == name]
        rows.append(f"| {name} | {len(own)} | " + " | ".join(short_row(own, predicted)) + " |")
    calibration = ["| confidence | attributions | right |", "|---|---|---|", *calibration_rows(tagger, records, parses)]
    size = (folder / "model.onnx").stat().st_size / 1e6
    path.parent.mkdir(parents=True, exist_ok=True)
    text = CARD.format(
        version=tagger.settings.version, sha=tagger.settings.sha256, size=size, publishers="\n".join(rows),
        table=full_table(records, predicted), calibration="\n".join(calibration),
    )  # fmt: skip
    path.write_text(text, encoding="utf8")


def short_row(records: Sequence[dict[str, Any]], predicted: dict[str, Any]) -> list[str]:
    every, saying = score(records, predicted), score(records, predicted, reporting=True)
    figures = [every.roles[role]["piece"].f1 for role in ROLES]
    return [f"{x:.1f}" for x in (*figures, saying.attributions["+cue"].f1, saying.attributions["strict"].f1)]


def full_table(records: Sequence[dict[str, Any]], predicted: dict[str, Any]) -> str:
    """All figures of the bar, one row each."""
    every, saying = score(records, predicted), score(records, predicted, reporting=True)
    lines = ["| | precision | recall | F1 |", "|---|---|---|---|"]
    lines += [_row(f"pieces, {role}", every.roles[role]["piece"]) for role in ROLES]
    for name, scores in (("all", every), ("reporting", saying)):
        lines += [
            _row(f"{name}, {label}", scores.attributions[level])
            for label, level in (("soft", "+cue"), ("strict", "strict"))
        ]
    return "\n".join([*lines, "", *_kinds(saying)])


def _row(name: str, rate: Any) -> str:
    return f"| {name} | {rate.precision:.1f} | {rate.recall:.1f} | {rate.f1:.1f} |"


def _kinds(saying: Scores) -> list[str]:
    lines = ["| reporting, recall | gold | soft | strict |", "|---|---|---|---|"]
    for kind, figures in saying.recall_by_kind.items():
        lines.append(f"| {kind} | {figures['gold']:.0f} | {figures['+cue']:.1f} | {figures['strict']:.1f} |")
    return lines
