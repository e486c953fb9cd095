"""The tagger's network: MiniLM-L6 with word features, two steps along the dependency tree, and three heads.

Written out in full rather than taken from a library of models, so that the exported graph is small and stays the same.
Shapes: B windows, T word pieces, N words, H = 384, L = 7 labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.weights import find_weights

HIDDEN, HEADS, LAYERS, INNER, LINK = 384, 12, 6, 1536, 128
NEVER = -1e4


class Drop(nn.Module):
    """Dropout whose masks come from one byte a value: torch's own draw took a twentieth of a step."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.cut = round(256 * rate)
        self.dice = np.random.default_rng(0)

    def forward(self, states: Tensor) -> Tensor:
        """(…) -> (…)"""
        if not self.training or not self.cut:
            return states
        if states.is_cuda:
            return functional.dropout(states, self.cut / 256)
        drawn = np.frombuffer(self.dice.bytes(states.numel()), np.uint8) >= self.cut
        kept = torch.from_numpy(drawn).view(states.shape).to(states.dtype)
        return states * kept.mul_(256 / (256 - self.cut))


class Layer(nn.Module):
    """One transformer layer as BERT has it, the three projections of the attention in one matrix."""

    def __init__(self, drop: Drop) -> None:
        super().__init__()
        self.project = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.join = nn.Linear(HIDDEN, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.widen = nn.Linear(HIDDEN, INNER)
        self.narrow = nn.Linear(INNER, HIDDEN)
        self.last_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = drop

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """(B, T, H), (B, 1, 1, T) -> (B, T, H)"""
        batch, length, _ = states.shape
        mixed = self.project(states).view(batch, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        # written out: torch's fused kernel took twice the time at this length; no dropout here, which is dear to draw
        scores = mixed[0] * (HIDDEN // HEADS) ** -0.5 @ mixed[1].transpose(-1, -2) + bias.to(mixed.dtype)
        seen = scores.softmax(-1) @ mixed[2]
        seen = self.join(seen.transpose(1, 2).reshape(batch, length, HIDDEN))
        states = self.norm(states + self.drop(seen))
        inner = self.narrow(functional.gelu(self.widen(states)))
        out: Tensor = self.last_norm(states + self.drop(inner))
        return out


class TreeStep(nn.Module):
    """Adds to each piece what stands at its head in the parse; begins as doing nothing."""

    def __init__(self, relations: int, drop: Drop) -> None:
        super().__init__()
        self.own = nn.Linear(HIDDEN, HIDDEN)
        self.head = nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.relation = nn.Embedding(relations, HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.drop = drop
        nn.init.normal_(self.relation.weight, std=0.02)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, states: Tensor, heads: Tensor, relations: Tensor) -> Tensor:
        """(B, T, H), (B, T), (B, T) -> (B, T, H)"""
        above = torch.gather(self.head(states), 1, heads.unsqueeze(-1).expand(-1, -1, HIDDEN))
        mixed = functional.gelu(self.own(states) + above + self.relation(relations))
        out: Tensor = states + self.drop(self.out(mixed))
        return out


class Network(nn.Module):
    """Encoder and heads. `forward` gives (B, T, L * L + 4 * LINK): pair potentials, then the four link vectors."""

    def __init__(
        self, tags: int, relations: int, labels: int = 7, vocabulary: int = 30522, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.features = nn.ModuleDict(
            {
                name: nn.Embedding(size, HIDDEN)
                for name, size in (("shapes", 7), ("quotes", 4), ("tags", tags), ("relations", relations))
            }
        )
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = Drop(dropout)
        self.layers = nn.ModuleList([Layer(self.drop) for _ in range(LAYERS)])
        self.steps = nn.ModuleDict({str(at): TreeStep(relations, self.drop) for at in (1, 3, 5)})
        self.potentials = nn.Linear(HIDDEN, labels * labels + labels)
        self.links = nn.Linear(HIDDEN, 4 * LINK)
        self.labels = labels
        for feature in self.features.values():
            nn.init.zeros_(feature.weight)
        for frozen in (self.words, self.positions):
            frozen.weight.requires_grad_(False)

    def forward(
        self, ids: Tensor, mask: Tensor, shapes: Tensor, quotes: Tensor, tags: Tensor, relations: Tensor, heads: Tensor
    ) -> Tensor:
        """All (B, T) whole numbers -> (B, T, L * L + 4 * LINK)"""
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.words(ids) + self.positions(places)
        for name, column in (("shapes", shapes), ("quotes", quotes), ("tags", tags), ("relations", relations)):
            states = states + self.features[name](column)
        states = self.drop(self.norm(states))
        bias = ((1 - mask.to(states.dtype)) * NEVER)[:, None, None, :]
        for at, layer in enumerate(self.layers):
            states = layer(states, bias)
            if str(at) in self.steps:
                states = self.steps[str(at)](states, heads, relations)
        states = self.drop(states)
        scores = self.potentials(states)
        size = self.labels * self.labels
        pairs = scores[..., :size] + scores[..., size:].repeat(1, 1, self.labels)
        return torch.cat([pairs, self.links(states)], -1)


def read_weights(path: Path | None = None) -> dict[str, Tensor]:
    """BERT-shaped weights of a safetensors file (those of the registry package), by name without its prefix."""
    from safetensors.torch import load_file

    given = load_file(path or find_weights() / "model.safetensors")
    return {name.removeprefix("bert."): value for name, value in given.items()}


def load_encoder(network: Network, weights: Path) -> None:
    """Fills the encoder with BERT-shaped weights of a safetensors file."""
    given = read_weights(weights)
    with torch.no_grad():
        network.words.weight.copy_(given["embeddings.word_embeddings.weight"])
        kind = given["embeddings.token_type_embeddings.weight"][0]
        network.positions.weight.copy_(given["embeddings.position_embeddings.weight"] + kind)
        copy_module(network.norm, given, "embeddings.LayerNorm")
        copy_layers(network.layers, given)


def copy_layers(layers: Iterable[nn.Module], given: dict[str, Tensor]) -> None:
    """Fills transformer layers in order; inside ``torch.no_grad``."""
    for at, layer in enumerate(layers):
        base = f"encoder.layer.{at}."
        for part in ("weight", "bias"):
            three = [given[f"{base}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            getattr(layer.project, part).copy_(torch.cat(three))
        for own, theirs in (
            ("join", "attention.output.dense"),
            ("norm", "attention.output.LayerNorm"),
            ("widen", "intermediate.dense"),
            ("narrow", "output.dense"),
            ("last_norm", "output.LayerNorm"),
        ):
            copy_module(getattr(layer, own), given, base + theirs)


def copy_module(module: nn.Module, given: dict[str, Tensor], name: str) -> None:
    """Weight and bias of one module; inside ``torch.no_grad``."""
    module.weight.copy_(given[f"{name}.weight"])  # type: ignore[operator,union-attr]
    module.bias.copy_(given[f"{name}.bias"])  # type: ignore[operator,union-attr]


def forbidden_steps() -> Tensor:
    """(L, L) of 0 and NEVER: an inside label follows only its own role."""
    table = torch.zeros(7, 7)
    for inside in (2, 4, 6):
        for before in range(7):
            if before not in (inside, inside - 1):
                table[before, inside] = NEVER
    return table


def crf_loss(pairs: Tensor, labels: Tensor, opens: Tensor, known: Tensor) -> Tensor:
    """Mean negative log-likelihood a word of chains that begin anew from O wherever `opens`.

    pairs (B, N, L, L) from the label before to the label; labels (B, N); opens, known (B, N) bool.
    """
    pairs = pairs + forbidden_steps()
    batch, length, size, _ = pairs.shape
    before = torch.cat([torch.zeros(batch, 1, dtype=labels.dtype), labels[:, :-1]], 1)
    before = before.masked_fill(opens, 0)
    flat = pairs.reshape(batch, length, size * size)
    gold = flat.gather(2, (before * size + labels).unsqueeze(-1)).squeeze(-1)
    gold = (gold * known).sum()
    state = torch.full((batch, size), NEVER)
    state[:, 0] = 0.0
    start_row = torch.full((size,), NEVER)
    start_row[0] = 0.0
    for at in range(length):
        total = state.logsumexp(-1, keepdim=True)
        entry = torch.where(opens[:, at, None], total + start_row, state)
        moved = (entry.unsqueeze(-1) + pairs[:, at]).logsumexp(1)
        state = torch.where(known[:, at, None], moved, state)
    return (state.logsumexp(-1).sum() - gold) / known.sum()


def link_loss(asking: Tensor, answering: Tensor, target: Tensor, allowed: Tensor, nothing: Tensor | None) -> Tensor:
    """Cross-entropy of each asking word's partner. asking, answering (B, N, LINK); target (B, N), -1 the `nothing`
    vector (B, LINK), -2 or less not asked; allowed (B, N) bool marks real words."""
    scores = asking @ answering.transpose(1, 2) * LINK**-0.5
    scores = scores.masked_fill(~allowed[:, None, :], NEVER)
    if nothing is not None:
        none = (asking * nothing[:, None, :]).sum(-1, keepdim=True) * LINK**-0.5
        scores = torch.cat([scores, none], -1)
        target = torch.where(target == -1, scores.shape[-1] - 1, target)
    asked = target >= 0
    if not asked.any():
        return scores.sum() * 0.0
    return functional.cross_entropy(scores[asked], target[asked])
