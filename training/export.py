"""Writes the trained network as int8 ONNX with its tokenizer and model.toml: python -m training.export --state FILE."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from pipeline.analyse.tagger_decode import LABELS
from pipeline.analyse.tagger_features import NAMES
from training.network import HIDDEN, Network
from training.weights import find_weights


class SmallTable(nn.Module):
    """An embedding in one byte a value with a scale a row: exact to half a step, a quarter of the size."""

    def __init__(self, full: nn.Embedding) -> None:
        super().__init__()
        weight = full.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("values", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """(…) -> (…, H)"""
        values: Tensor = nn.functional.embedding(ids, self.values)  # type: ignore[arg-type]
        return values.float() * nn.functional.embedding(ids, self.scale)  # type: ignore[arg-type]


def load_network(state: Path) -> tuple[Network, dict[str, Any]]:
    """The trained network, ready to run, and what was saved beside it."""
    saved = torch.load(state, weights_only=False)
    network = Network(len(saved["tags"]) + 1, len(saved["relations"]) + 1)
    network.load_state_dict(saved["network"])
    return network.eval(), saved


def write_network(network: Network, target: Path) -> None:
    """int8 weights a column each in all matrix products, the table of word pieces in int8 a row each."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    network.words = SmallTable(network.words)  # type: ignore[assignment]
    example = tuple(torch.ones(2, 9, dtype=torch.long) for _ in NAMES)
    axes = {name: {0: "windows", 1: "pieces"} for name in (*NAMES, "scores")}
    with tempfile.TemporaryDirectory() as folder:
        full, ready = Path(folder) / "full.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            network,
            example,
            str(full),
            input_names=list(NAMES),
            output_names=["scores"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(full), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(
            str(ready), str(target), op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8
        )


def write_settings(target: Path, version: str, saved: dict[str, Any], decoding: dict[str, Any], network: Path) -> None:
    """model.toml: what the tagger needs beside the network."""
    digest = hashlib.sha256(network.read_bytes()).hexdigest()
    lines = [
        "# Written by training.export; the figures of decoding come from the held-out part of the training data.",
        f'version = "{version}"', f'sha256 = "{digest}"', f"labels = {json.dumps(list(LABELS))}",
        f"tags = {json.dumps(list(saved['tags']))}", f"relations = {json.dumps(list(saved['relations']))}", "",
        "[pieces]", "start = 101", "gap = 102", "unknown = 100", "",
        "[decoding]", *(f"{name} = {decoding[name]}" for name in SETTINGS), "",
        "[decoding.floors]", *(f"{role} = {floor}" for role, floor in decoding["floors"].items()), "",
        "[confidence]", f"raw = {json.dumps(decoding['raw'])}", f"true = {json.dumps(decoding['true'])}", "",
    ]  # fmt: skip
    target.write_text("\n".join(lines), encoding="utf8")


def export(state: Path, folder: Path, version: str, decoding: dict[str, Any]) -> None:
    """Writes model.onnx, tokenizer.json and model.toml into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    network, saved = load_network(state)
    assert network.positions.embedding_dim == HIDDEN
    write_network(network, folder / "model.onnx")
    shutil.copyfile(find_weights() / "tokenizer.json", folder / "tokenizer.json")
    write_settings(folder / "model.toml", version, saved, decoding, folder / "model.onnx")


SETTINGS = ("keep", "extra", "no_source", "rescue", "bond", "nested_keep")
DEFAULTS: dict[str, Any] = {
    "floors": {"cue": 0.05, "source": 0.05, "content": 0.05}, "keep": 0.3, "extra": 0.2, "no_source": 0.0, "rescue": 0.5,
    "bond": 0.5, "nested_keep": 0.5, "raw": [0.0, 1.0], "true": [0.0, 1.0],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--folder", type=Path, default=Path("pipeline/analyse/model"))
    parser.add_argument("--version", default="1.2")
    parser.add_argument("--decoding", type=Path, help="JSON that training.tune wrote")
    args = parser.parse_args()
    decoding = json.loads(args.decoding.read_text()) if args.decoding else DEFAULTS
    export(args.state, args.folder, args.version, decoding)


if __name__ == "__main__":
    main()
