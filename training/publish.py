"""From a trained network to what is shipped: int8 ONNX, decoder settings, model card.

Alone: python -m training.publish --state FILE [--version V], which needs no training.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from training.card import write_card
from training.corpus import TRAIN_SHA256, is_held_out, read_records
from training.export import DEFAULTS, export, write_settings
from training.parses import read_parses
from training.tune import tune


def publish(state: Path, args: Any) -> None:
    """Writes the model's folder and docs/model-card.md; figures of the card are of the dev set beside the corpus."""
    records = read_records(args.corpus, TRAIN_SHA256)
    parses = read_parses(records, args.work / "parses.pkl")
    held = [record for i, record in enumerate(records) if is_held_out(i)]
    print("exporting", flush=True)
    export(state, args.folder, args.version, DEFAULTS)
    print("settling the decoder on the held-out part", flush=True)
    decoding = tune(args.folder, held, parses)
    (args.work / "decoding.json").write_text(json.dumps(decoding), encoding="utf8")
    saved = torch.load(state, weights_only=False)
    write_settings(args.folder / "model.toml", args.version, saved, decoding, args.folder / "model.onnx")
    dev = args.corpus.with_name("dev.jsonl")
    if dev.exists():
        dev_records = read_records(dev)
        write_card(
            Path("docs/model-card.md"), args.folder, dev_records, read_parses(dev_records, args.work / "dev.pkl")
        )
    print(f"wrote {args.folder}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/data/polnear/train.jsonl"))
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--folder", type=Path, default=Path("pipeline/analyse/model"))
    parser.add_argument("--version", default="1.2")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    publish(args.state, args)


if __name__ == "__main__":
    main()
