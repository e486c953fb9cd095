"""The decoder against counting all label sequences of short chains by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipeline.analyse.tagger_decode import (
    FIRST,
    Floats,
    best_labels,
    find_pieces,
    forbid,
    propose_piece,
    run_chains,
    span_chances,
)


def potentials(seed: int, size: int) -> Floats:
    return forbid(np.random.default_rng(seed).normal(0, 2, (size, 7, 7)))


def all_paths(pairs: Floats) -> tuple[list[tuple[int, ...]], Floats]:
    paths = list(itertools.product(range(7), repeat=len(pairs)))
    scores = [sum(pairs[i, a, b] for i, (a, b) in enumerate(zip((0, *path), path, strict=False))) for path in paths]
    weights = np.exp(np.array(scores))
    return paths, weights / weights.sum()


def is_piece(path: tuple[int, ...], first: int, last: int, begin: int) -> bool:
    inside = all(label == begin + 1 for label in path[first + 1 : last + 1])
    ends = last + 1 == len(path) or path[last + 1] != begin + 1
    return path[first] == begin and inside and ends


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("role", ["cue", "source", "content"])
def test_chances_of_spans_are_those_of_all_sequences(seed: int, role: str) -> None:
    pairs = potentials(seed, 4)
    paths, weights = all_paths(pairs)
    (chain,) = run_chains(pairs, np.array([True, False, False, False]))
    chances = span_chances(chain, role)
    for first in range(4):
        for last in range(first, 4):
            held = [is_piece(path, first, last, FIRST[role]) for path in paths]
            assert chances[first, last] == pytest.approx(weights[held].sum(), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_best_labels_are_the_likeliest_sequence(seed: int) -> None:
    pairs = potentials(seed, 4)
    paths, weights = all_paths(pairs)
    found = best_labels(pairs, np.array([True, False, False, False]))
    assert tuple(found.tolist()) == paths[int(weights.argmax())]


def test_label_marginals_sum_to_one() -> None:
    for chain in run_chains(potentials(7, 40), np.arange(40) % 9 == 0):
        assert np.allclose((chain.ahead * chain.behind).sum(1), 1)


def test_chains_do_not_see_each_other() -> None:
    pairs = potentials(3, 30)
    opens = np.isin(np.arange(30), [0, 11, 12, 25])
    together = run_chains(pairs, opens)
    assert [chain.first for chain in together] == [0, 11, 12, 25]
    alone = run_chains(pairs[12:25], np.arange(13) == 0)[0]
    assert np.allclose(span_chances(together[2], "content"), span_chances(alone, "content"))


def test_pieces_never_overlap_and_keep_their_floor() -> None:
    for seed in range(20):
        for chain in run_chains(potentials(seed, 25), np.arange(25) == 0):
            pieces = find_pieces(chain, {"cue": 0.02, "source": 0.05, "content": 0.01})
            words = [word for piece in pieces for word in range(piece.first, piece.last)]
            assert len(words) == len(set(words))
            assert all(piece.chance >= 0.01 for piece in pieces)


def test_a_proposed_piece_begins_at_its_word() -> None:
    chains = run_chains(potentials(5, 20), np.isin(np.arange(20), [0, 8]))
    for word in range(20):
        piece = propose_piece(chains, "cue", word)
        assert piece.first == word < piece.last <= (8 if word < 8 else 20)


def test_a_word_that_must_be_inside_does_not_break_a_chain() -> None:
    pairs = np.full((3, 7, 7), -30.0)
    pairs[:, :, 6] = 30.0
    (chain,) = run_chains(forbid(pairs), np.array([True, False, False]))
    assert np.isfinite(span_chances(chain, "content")).all()
