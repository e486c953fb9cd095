"""The learned tagger of attributions: who said it (source), by which words (cue), and what (content).

    text (+ parse) ─ tagger_features ▶ windows ─ onnxruntime ▶ potentials, link vectors
                   ─ tagger_decode ▶ pieces ─ tagger_link ▶ drafts ─ here ▶ TaggedAttribution

The network is MiniLM-L6 in int8 with a chain on top (docs/decisions/attribution-model.md); it needs no torch. Time and
memory are linear in the length of a text. Without a parse the figures are lower: pass the Doc where there is one.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.analyse.tagger_decode import Piece, find_pieces, forbid, propose_piece, run_chains
from pipeline.analyse.tagger_features import (
    EncodedText,
    Syntax,
    Window,
    encode_text,
    find_windows,
    stack_rows,
    syntax_of,
    window_rows,
)
from pipeline.analyse.tagger_kind import decide_kind
from pipeline.analyse.tagger_link import Draft, LinkVectors, decide_kept, link_pieces
from pipeline.errors import SettingsError

MODEL = Path(__file__).with_name("model")
PIECES_AT_ONCE = 2048
ROLES = ("cue", "source", "content")
Span = tuple[int, int]
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TaggedAttribution:
    """One attribution; spans are code-point offsets into the text, each role's in the order of the text.

    `source` may be empty; `kind` is speech, writing, belief or intention; `confidence` is the calibrated probability
    that source, cue and half of the content are right; `parent` is the place, in the same list, of the attribution
    whose content this one stands inside.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: str
    confidence: float
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class TaggerSettings:
    """What `model.toml` says beside the network."""

    version: str
    sha256: str
    tags: dict[str, int]
    relations: dict[str, int]
    start_id: int
    gap_id: int
    unknown_id: int
    floors: dict[str, float]
    keep: float
    extra: float
    no_source: float
    rescue: float
    bond: float
    nested_keep: float
    raw_confidence: tuple[float, ...]
    true_confidence: tuple[float, ...]

    @classmethod
    def read(cls, path: Path) -> TaggerSettings:
        """From a TOML file; SettingsError where a key is missing."""
        table = tomllib.loads(path.read_text(encoding="utf8"))
        try:
            pieces, decoding, confidence = table["pieces"], table["decoding"], table["confidence"]
            return cls(
                table["version"], table["sha256"],
                {name: i + 1 for i, name in enumerate(table["tags"])},
                {name: i + 1 for i, name in enumerate(table["relations"])},
                pieces["start"], pieces["gap"], pieces["unknown"],
                {role: float(decoding["floors"][role]) for role in ROLES},
                float(decoding["keep"]), float(decoding["extra"]), float(decoding["no_source"]),
                float(decoding["rescue"]), float(decoding["bond"]),
                float(decoding["nested_keep"]), tuple(confidence["raw"]), tuple(confidence["true"]),
            )  # fmt: skip
        except KeyError as missing:
            raise SettingsError(f"{path.name} of the attribution model lacks {missing}") from missing


class AttributionTagger:
    """Reads attributions from texts; safe to share between threads."""

    def __init__(self, settings: TaggerSettings, session: Any, encoder: Any) -> None:
        self.settings, self._session, self._encoder = settings, session, encoder

    @classmethod
    def load(cls, path: Path | None = None, threads: int = 1) -> AttributionTagger:
        """From a folder with model.onnx, tokenizer.json and model.toml; SettingsError where they do not belong together."""
        import onnxruntime
        from tokenizers import Tokenizer

        folder = path or MODEL
        for name in ("model.toml", "model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise SettingsError(f"the attribution model lacks {name}: run `make train`")
        settings = TaggerSettings.read(folder / "model.toml")
        network = (folder / "model.onnx").read_bytes()
        if hashlib.sha256(network).hexdigest() != settings.sha256:
            raise SettingsError("model.onnx is not the network that model.toml describes")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        encoder = Tokenizer.from_file(str(folder / "tokenizer.json"))
        encoder.no_padding()
        encoder.no_truncation()
        return cls(settings, session, encoder)

    @property
    def version(self) -> str:
        """Version of the model and the first eight digits of its hash."""
        return f"{self.settings.version}+{self.settings.sha256[:8]}"

    def tag(self, text: str, doc: Any | None = None, flat: bool = True) -> list[TaggedAttribution]:
        """Attributions of one text, in the order of their cues. `doc`: its spaCy Doc, if there is one.

        With `flat`, no word stands in two contents; else each content is read once more for attributions inside it.
        """
        return self.tag_batch([text], [doc], flat)[0]

    def tag_batch(
        self, texts: Sequence[str], docs: Sequence[Any | None] | None = None, flat: bool = True
    ) -> list[list[TaggedAttribution]]:
        """`tag` for several texts. Each runs by itself: int8 takes its scale from the whole batch, so that beside other
        texts a doubtful attribution comes or goes (a replay in other batches gave other claims)."""
        given = docs if docs is not None else [None] * len(texts)
        encoded = [self.encode(text, doc) for text, doc in zip(texts, given, strict=True)]
        drafts = [self._read([e], [find_windows(e)], self.settings.keep)[0] for e in encoded]
        inner: list[list[list[Draft]]] = [[] for _ in texts]
        if not flat:
            inner = [self._read_inside(e, own) for e, own in zip(encoded, drafts, strict=True)]
        return [self._finish(*row) for row in zip(texts, encoded, drafts, inner, strict=True)]

    def encode(self, text: str, doc: Any | None) -> EncodedText:
        """Columns of a text; `doc` may also be the `Syntax` that is read of it."""
        own = self.settings
        syntax = doc if doc is None or isinstance(doc, Syntax) else syntax_of(doc)
        return encode_text(text, self._encoder, own.tags, own.relations, syntax, own.unknown_id)

    def _read(
        self, texts: Sequence[EncodedText], windows: Sequence[Sequence[Window]], keep: float
    ) -> list[list[Draft]]:
        """Drafts of each text from its windows, in order."""
        jobs = [(at, window) for at, own in enumerate(windows) for window in own]
        found: dict[int, list[Draft]] = {}
        for place, scores, nothing in self.run_windows([(texts[at], window) for at, window in jobs]):
            at, window = jobs[place]
            found[place] = self.decode_window(texts[at], window, scores, nothing, keep)
        drafts: list[list[Draft]] = [[] for _ in texts]
        for place, (at, _) in enumerate(jobs):
            drafts[at].extend(found[place])
        return drafts

    def run_windows(self, jobs: Sequence[tuple[EncodedText, Window]]) -> Iterator[tuple[int, Scores, Scores]]:
        """(place of the window, its words' scores, the first piece's "no source" vector), windows of like length
        together."""
        rows = [window_rows(text, window, self.settings.start_id, self.settings.gap_id) for text, window in jobs]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]["ids"]))
        while order:
            size = max(1, PIECES_AT_ONCE // len(rows[order[-1]][0]["ids"]))
            group, order = order[-size:], order[:-size]
            (scores,) = self._session.run(None, stack_rows([rows[i][0] for i in group]))
            length = _link_length(scores)
            for line, place in enumerate(group):
                yield place, scores[line, rows[place][1]], scores[line, 0, -length:]

    def decode_window(
        self, text: EncodedText, window: Window, scores: Scores, nothing: Scores, keep: float
    ) -> list[Draft]:
        """Drafts of one window from its words' scores, words numbered in the text."""
        own = self.settings
        opens = np.ones(window.last - window.first, bool)
        opens[1:] = np.diff(text.paragraphs[window.first : window.last]) > 0
        pairs = forbid(scores[:, :49].reshape(-1, 7, 7))
        chains = run_chains(pairs, opens)
        pieces = [piece for chain in chains for piece in find_pieces(chain, own.floors)]
        vectors = LinkVectors.of(scores[:, 49:], nothing)
        drafts = link_pieces(pieces, vectors, partial(propose_piece, chains), own.no_source, own.rescue, own.bond)
        return decide_kept(_move(drafts, window.first), keep, own.extra)

    def _read_inside(self, text: EncodedText, drafts: Sequence[Draft]) -> list[list[Draft]]:
        """For each draft, the attributions inside its content pieces, each piece read by itself as a text of its own."""
        jobs = [Window(part.first, part.last) for d in drafts for part in d.content]
        owners = [i for i, d in enumerate(drafts) for _ in d.content]
        inner: list[list[Draft]] = [[] for _ in drafts]
        for place, scores, nothing in self.run_windows([(text, window) for window in jobs]):
            inner[owners[place]].extend(
                self.decode_window(text, jobs[place], scores, nothing, self.settings.nested_keep)
            )
        return inner

    def _finish(
        self, text: str, encoded: EncodedText, drafts: Sequence[Draft], inner: Sequence[Sequence[Draft]]
    ) -> list[TaggedAttribution]:
        rows = [(draft, -1) for draft in drafts]
        rows += [(draft, parent) for parent, own in enumerate(inner) for draft in own]
        order = sorted(range(len(rows)), key=lambda i: rows[i][0].cue.first)
        place = {old: new for new, old in enumerate(order)}
        return [self._say(text, encoded, rows[i][0], place.get(rows[i][1])) for i in order]

    def _say(self, text: str, encoded: EncodedText, draft: Draft, parent: int | None) -> TaggedAttribution:
        source, content = (_spans(encoded, pieces) for pieces in (draft.source, draft.content))
        cue = _spans(encoded, (draft.cue,))
        kind = decide_kind(text[cue[0][0] : cue[0][1]])
        own = self.settings
        confidence = float(np.interp(draft.chance, own.raw_confidence, own.true_confidence))
        return TaggedAttribution(source, cue, content, kind, round(confidence, 3), parent)


@functools.cache
def get_tagger() -> AttributionTagger:
    """The shipped model, loaded once a process."""
    return AttributionTagger.load()


def _link_length(scores: Scores) -> int:
    return int(scores.shape[-1] - 49) // 4


def _spans(text: EncodedText, pieces: Sequence[Piece]) -> tuple[Span, ...]:
    return tuple((int(text.starts[piece.first]), int(text.ends[piece.last - 1])) for piece in pieces)


def _move(drafts: Sequence[Draft], by: int) -> list[Draft]:
    """Drafts with word numbers of the text instead of the window."""

    def moved(piece: Piece) -> Piece:
        return Piece(piece.role, piece.first + by, piece.last + by, piece.chance)

    return [Draft(tuple(map(moved, d.source)), moved(d.cue), tuple(map(moved, d.content)), d.chance) for d in drafts]
