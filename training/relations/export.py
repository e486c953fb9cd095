"""Writes the relation model as int8 ONNX with relations.toml."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import torch

from pipeline.link.reading import LABELS
from training.export import SmallTable
from training.relations.network import PairNetwork

INPUTS = ("ids", "mask", "kinds")


def export(network: PairNetwork, folder: Path, version: str) -> None:
    """relations.onnx and relations.toml into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_network(network, folder / "relations.onnx")
    digest = hashlib.sha256((folder / "relations.onnx").read_bytes()).hexdigest()
    lines = [
        "# Written by training.relations.train.",
        f'version = "{version}"',
        f'sha256 = "{digest}"',
        f"labels = {json.dumps(list(LABELS))}",
    ]
    (folder / "relations.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_network(network: PairNetwork, target: Path) -> None:
    """Matrices in int8 a column, the table of word pieces in int8 a row."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    network.words = SmallTable(network.words)  # type: ignore[assignment]
    example = tuple(torch.ones(2, 9, dtype=torch.long) for _ in INPUTS)
    axes = {name: {0: "pairs", 1: "pieces"} for name in INPUTS} | {"scores": {0: "pairs"}}
    with tempfile.TemporaryDirectory() as folder:
        full, ready = Path(folder) / "full.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            network.eval(), example, str(full), input_names=list(INPUTS), output_names=["scores"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quant_pre_process(str(full), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(
            str(ready), str(target), op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8
        )
