"""What a later sentence does to an earlier one, as a small network reads the two together.

It is MiniLM-L6 in int8, fine-tuned on invented pairs (``training/relations``; docs/decisions/linking.md). It knows words, not
who speaks for whom, nor dates, nor what a person decided: ``relations.decide_relation`` weighs it against these.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import SettingsError

MODEL = Path(__file__).with_name("model")
# Its word pieces are those of the attribution model: both come from one encoder.
TOKENIZER = Path(__file__).parents[1] / "analyse" / "model" / "tokenizer.json"
LABELS = (
    "none", "repeats", "supports", "confirms", "specifies", "updates", "does_not_confirm", "denies", "contradicts", "retracts",
)  # fmt: skip
LONGEST = 160
KEPT = 65_536
Reader = Callable[[str, str], Mapping[str, float]]


class RelationReader:
    """``read(earlier, later)`` gives the chance of each relation between two sentences; safe to share between threads."""

    def __init__(self, version: str, session: Any, encoder: Any) -> None:
        self.version, self._session, self._encoder = version, session, encoder
        # Statements are matched anew whenever one of them is touched.
        self.read = functools.lru_cache(KEPT)(self._read)

    @classmethod
    def load(cls, folder: Path = MODEL) -> RelationReader:
        """From relations.onnx and relations.toml; SettingsError where they do not belong together."""
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            settings = tomllib.loads((folder / "relations.toml").read_text(encoding="utf-8"))
            network = (folder / "relations.onnx").read_bytes()
        except FileNotFoundError as missing:
            raise SettingsError(f"the relation model lacks {missing.filename}: run `make train-relations`") from missing
        if hashlib.sha256(network).hexdigest() != settings["sha256"] or tuple(settings["labels"]) != LABELS:
            raise SettingsError("relations.onnx is not the network that relations.toml describes")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        encoder = Tokenizer.from_file(str(TOKENIZER))
        encoder.no_padding()
        encoder.enable_truncation(LONGEST)
        return cls(f"{settings['version']}+{settings['sha256'][:8]}", session, encoder)

    def _read(self, earlier: str, later: str) -> Mapping[str, float]:
        """The chance of each of LABELS; they sum to one. One pair at a time: int8 takes its scale from all that runs at once."""
        read = self._encoder.encode(earlier, later)
        columns = {"ids": read.ids, "mask": read.attention_mask, "kinds": read.type_ids}
        inputs = {name: np.asarray([column], np.int64) for name, column in columns.items()}
        (scores,) = self._session.run(None, inputs)[0]
        weights = np.exp(scores - scores.max())
        return dict(zip(LABELS, (weights / weights.sum()).tolist(), strict=True))


@functools.cache
def get_reader() -> RelationReader:
    """The shipped model, loaded once a process."""
    return RelationReader.load()
