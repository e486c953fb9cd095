"""From the network's potentials to pieces: exact probabilities of spans under the chain, and the best set of them.

The network gives each word a 7 x 7 table: from the label before to its own label. A chain is one paragraph (or a part of
a very long one); it begins as if an O stood before it. Instead of the likeliest label sequence, which breaks a long span
as soon as one of its words is in doubt, each span's probability of being exactly a piece is summed over all sequences,
and spans are taken by that: the decision that maximises the expected number of right pieces (minimum Bayes risk).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LABELS = ("O", "B-cue", "I-cue", "B-source", "I-source", "B-content", "I-content")
FIRST = {"cue": 1, "source": 3, "content": 5}
CHAINS_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Piece:
    """Words `first:last` of a text in one role, with the probability that exactly these are a piece."""

    role: str
    first: int
    last: int
    chance: float


@dataclass(frozen=True, slots=True)
class Chain:
    """Forward-backward result for words `first:first + N`.

    steps (N, 7, 7): potentials, exponentiated and scaled so that every prefix sums to one; ahead (N, 7): forward sums,
    each row summing to one; behind (N, 7): backward sums, in the same scale; ahead * behind are the label marginals.
    """

    first: int
    steps: Floats
    ahead: Floats
    behind: Floats


def forbid(pairs: npt.NDArray[np.floating]) -> Floats:
    """Potentials (N, 7, 7) with every step into an inside label closed but from its own role."""
    table = pairs.astype(np.float64)
    for inside in (2, 4, 6):
        others = [label for label in range(7) if label not in (inside - 1, inside)]
        table[:, others, inside] = -np.inf
    return table


def find_chains(opens: Bools) -> list[tuple[int, int]]:
    """(first, last) of each chain; `opens` marks the first words."""
    edges = np.flatnonzero(opens).tolist()
    return list(zip(edges, [*edges[1:], len(opens)], strict=True))


def run_chains(pairs: Floats, opens: Bools) -> list[Chain]:
    """Forward-backward over all chains of (N, 7, 7) potentials, those of like length at once."""
    ranges = sorted(find_chains(opens), key=lambda r: r[1] - r[0])
    done: list[Chain] = []
    group: list[tuple[int, int]] = []
    for chain in ranges:
        if group and (len(group) + 1) * (chain[1] - chain[0]) > CHAINS_AT_ONCE:
            done.extend(_run_group(pairs, group))
            group = []
        group.append(chain)
    if group:
        done.extend(_run_group(pairs, group))
    return sorted(done, key=lambda c: c.first)


def _run_group(pairs: Floats, group: Sequence[tuple[int, int]]) -> Iterator[Chain]:
    width = max(last - first for first, last in group)
    steps = np.zeros((len(group), width, 7, 7))
    steps[:, :, :, 0] = 1.0  # padding: everything goes to O at no cost
    for i, (first, last) in enumerate(group):
        table = pairs[first:last]
        steps[i, : last - first] = np.exp(table - table.max(axis=(1, 2), keepdims=True))
    steps[:, 0, 1:, :] = 0.0
    ahead = np.zeros((len(group), width, 7))
    state = np.zeros((len(group), 1, 7))
    state[:, 0, 0] = 1.0
    for at in range(width):
        state = state @ steps[:, at]
        scale = np.maximum(state.sum(-1, keepdims=True), 1e-300)
        state = state / scale
        steps[:, at] /= scale
        ahead[:, at] = state[:, 0]
    behind = np.ones((len(group), width, 7))
    for at in range(width - 1, 0, -1):
        behind[:, at - 1] = (steps[:, at] @ behind[:, at, :, None])[..., 0]
    for i, (first, last) in enumerate(group):
        size = last - first
        yield Chain(first, steps[i, :size], ahead[i, :size], behind[i, :size])


def span_chances(chain: Chain, role: str) -> Floats:
    """(N, N): the probability that words i..j (both counted) are exactly one piece of the role; 0 below the diagonal."""
    begin = FIRST[role]
    inside = begin + 1
    size = len(chain.steps)
    before = np.concatenate([np.eye(7)[:1], chain.ahead[:-1]])
    enter = np.einsum("np,np->n", before, chain.steps[:, :, begin])
    leave_begin, leave_inside = np.ones(size), np.ones(size)
    weights = chain.steps[1:] * chain.behind[1:, None, :]
    weights[:, :, inside] = 0.0
    leave_begin[:-1], leave_inside[:-1] = weights[:, begin].sum(-1), weights[:, inside].sum(-1)
    chances = np.zeros((size, size))
    if size > 1:
        with np.errstate(divide="ignore"):
            go_on = np.log(np.maximum(chain.steps[:, inside, inside], 1e-300))
            grow = np.log(np.maximum(chain.steps[:, begin, inside], 1e-300))
        total = np.cumsum(go_on)
        start = np.concatenate([grow[1:] - total[1:], [-700.0]])
        body = np.triu(np.exp(np.clip(start[:, None] + total[None, :], -700.0, 600.0)), 1)
        chances = enter[:, None] * body * leave_inside[None, :]
    np.fill_diagonal(chances, enter * leave_begin)
    return chances


def find_pieces(chain: Chain, floors: dict[str, float]) -> list[Piece]:
    """The likeliest spans that do not overlap, each at least as likely as its role's floor."""
    found: list[Piece] = []
    for role, floor in floors.items():
        chances = span_chances(chain, role)
        for i, j in np.argwhere(chances >= floor).tolist():
            found.append(Piece(role, chain.first + i, chain.first + j + 1, float(chances[i, j])))
    taken = np.zeros(len(chain.steps), bool)
    kept: list[Piece] = []
    for piece in sorted(found, key=lambda p: -p.chance):
        part = slice(piece.first - chain.first, piece.last - chain.first)
        if not taken[part].any():
            taken[part] = True
            kept.append(piece)
    return sorted(kept, key=lambda p: p.first)


def propose_piece(chains: Sequence[Chain], role: str, word: int) -> Piece:
    """The likeliest piece of a role that begins at a word."""
    chain = next(chain for chain in chains if chain.first <= word < chain.first + len(chain.steps))
    chances = span_chances(chain, role)[word - chain.first]
    last = int(chances.argmax())
    return Piece(role, word, max(chain.first + last + 1, word + 1), float(chances[last]))


def best_labels(pairs: Floats, opens: Bools) -> npt.NDArray[np.int64]:
    """Viterbi: the likeliest labels (N,) of all chains."""
    labels = np.zeros(len(pairs), np.int64)
    for first, last in find_chains(opens):
        score = pairs[first, 0]
        back = np.zeros((last - first, 7), np.int64)
        for at in range(first + 1, last):
            reach = score[:, None] + pairs[at]
            back[at - first] = reach.argmax(0)
            score = reach.max(0)
        label = int(score.argmax())
        for at in range(last - 1, first - 1, -1):
            labels[at] = label
            label = int(back[at - first, label])
    return labels
