"""The weights of a shipped model as a network to go on from: python -m training.shipped --target FILE [--folder MODEL].

What int8 rounded stays rounded; the table of word pieces, which is not trained, comes from the encoder's own weights.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.network import Network, load_encoder
from training.weights import find_weights


def read_weights(path: Path) -> dict[str, Tensor]:
    """Every trained weight by its name in the network."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    stored = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    found = {name: torch.from_numpy(value.copy()) for name, value in stored.items() if value.dtype == np.float32}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            base = node.input[1].removesuffix("_quantized")
            whole = stored[node.input[1]].astype(np.float32) - stored[f"{base}_zero_point"].astype(np.float32)
            name = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".")
            found[f"{name}.weight"] = torch.from_numpy((whole * stored[f"{base}_scale"]).T.copy())
    return found


def write_state(folder: Path, target: Path) -> None:
    """A file as `training.train --begin-from` takes it; KeyError where the model has another shape."""
    settings = tomllib.loads((folder / "model.toml").read_text(encoding="utf8"))
    tags, relations = ({name: at + 1 for at, name in enumerate(settings[kind])} for kind in ("tags", "relations"))
    network = Network(len(tags) + 1, len(relations) + 1)
    load_encoder(network, find_weights() / "model.safetensors")
    weights = read_weights(folder / "model.onnx")
    own = {name: weights[name] for name in network.state_dict() if name != "words.weight"}
    network.load_state_dict({"words.weight": network.words.weight, **own})
    torch.save({"network": network.state_dict(), "tags": tags, "relations": relations}, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("pipeline/analyse/model"))
    parser.add_argument("--target", type=Path, required=True)
    args = parser.parse_args()
    write_state(args.folder, args.target)


if __name__ == "__main__":
    main()
