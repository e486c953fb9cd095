"""Two sentences read together: the layers of MiniLM-L6, and a head over what each says and how they differ.

Shapes: B pairs, T word pieces of both sentences in a row, H = 384.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.network import HIDDEN, NEVER, Drop, Layer, copy_layers, copy_module, read_weights

LAYERS = 6


class PairNetwork(nn.Module):
    """`forward` gives (B, relations)."""

    def __init__(self, relations: int, vocabulary: int = 30522, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.kinds = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = Drop(dropout)
        self.layers = nn.ModuleList([Layer(self.drop) for _ in range(LAYERS)])
        self.mix = nn.Linear(4 * HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, relations)
        self.words.weight.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor) -> Tensor:
        """All (B, T) whole numbers; `kinds` 0 for the earlier sentence, 1 for the later one."""
        states = self.words(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device)) + self.kinds(kinds)
        states = self.drop(self.norm(states))
        bias = ((1 - mask.to(states.dtype)) * NEVER)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, bias)
        earlier, later = _mean(states, mask * (1 - kinds)), _mean(states, mask * kinds)
        row = torch.cat([states[:, 0], (earlier - later).abs(), earlier * later, later], -1)
        mixed = functional.gelu(self.mix(self.drop(row)))
        out: Tensor = self.out(self.drop(mixed))
        return out


def _mean(states: Tensor, kept: Tensor) -> Tensor:
    weights = kept.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp_min(1.0)


def load_pretrained(network: PairNetwork) -> None:
    """Fills all but the head with the weights of all-MiniLM-L6-v2."""
    given = read_weights()
    with torch.no_grad():
        network.words.weight.copy_(given["embeddings.word_embeddings.weight"])
        network.positions.weight.copy_(given["embeddings.position_embeddings.weight"])
        network.kinds.weight.copy_(given["embeddings.token_type_embeddings.weight"])
        copy_module(network.norm, given, "embeddings.LayerNorm")
        copy_layers(network.layers, given)
