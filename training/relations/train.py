"""Makes the relation model: python -m training.relations.train --plain FILE [--work FOLDER] [--folder FOLDER]

MiniLM-L6, fine-tuned on pairs of sentences of our own (training/relations/*.tsv: invented matters, labelled as they were
written) and on the same as the pipeline reads them. First come teachers, each without a part of the matters; then the student,
on every label mixed with what the teacher that had not seen it says, and on many more pairs of the same matters that only the
teachers have labelled. Knowledge distillation (Hinton, Vinyals and Dean 2015) from networks of cross-fitting folds.

Resumes after a kill from the last whole epoch; seeds are fixed. `--part teacher-2` makes one teacher only, so that several can
learn at once. `make train-relations` does it all.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from pipeline.link.reading import LABELS
from training.relations.export import export
from training.relations.pairs import HERE, Pair, cross, fold_of, in_plain, mix, read_pairs, read_plain, sure
from training.relations.run import Phase, Run, predict

# Pairs a matter that only teachers label, and how much of a labelled pair's target is the teacher's.
CROSSED, SHARE = 24, 0.25
RAW_RATE, PLAIN_RATE = 1.5e-4, 7e-5


@dataclass(frozen=True, slots=True)
class Pool:
    """What is learnt from, as written and as the pipeline reads it: labelled pairs, and crossed ones without a label."""

    raw: list[Pair]
    plain: list[Pair]
    raw_crossed: list[Pair]
    plain_crossed: list[Pair]

    @property
    def all(self) -> list[Pair]:
        """All of it, in one order."""
        return [*self.raw, *self.plain, *self.raw_crossed, *self.plain_crossed]


def make_pool(args: argparse.Namespace) -> Pool:
    """From the files."""
    raw, plain = read_pairs(args.pairs), read_plain(args.plain)
    crossed = cross(raw, CROSSED, args.seed)
    return Pool(raw, in_plain(raw, plain), crossed, in_plain(crossed, plain))


def make_teacher(args: argparse.Namespace, pool: Pool, number: int) -> np.ndarray:
    """The chances that one teacher gives to every pair of the pool; (pairs, relations)."""
    path = args.work / f"teacher-{number}.npy"
    if not path.exists():
        run = Run(args, f"teacher-{number}", args.seed + number)
        for at, (pairs, epochs, rate) in enumerate(((pool.raw, 5, RAW_RATE), (pool.plain, 2, PLAIN_RATE))):
            own = [pair for pair in pairs if fold_of(pair, args.folds) != number % args.folds]
            run.learn(at, Phase(own, [sure(pair.label or 0) for pair in own], epochs, rate))
        part = path.with_suffix(".part.npy")
        np.save(part, predict(run, pool.all))
        part.replace(path)
    chances: np.ndarray = np.load(path)
    return chances


def targets_of(args: argparse.Namespace, pool: Pool, taught: Sequence[np.ndarray]) -> list[tuple[float, ...]]:
    """What the student is to say of each pair: a label with the word of those who had not seen it, else the mean of all."""
    found = []
    for at, pair in enumerate(pool.all):
        own = fold_of(pair, args.folds)
        if pair.label is None:
            found.append(tuple(np.mean([one[at] for one in taught], axis=0).tolist()))
        else:
            unseen = [one[at] for n, one in enumerate(taught) if n % args.folds == own]
            found.append(mix(pair.label, np.mean(unseen, axis=0).tolist(), SHARE))
    return found


def make_student(args: argparse.Namespace, pool: Pool, taught: Sequence[np.ndarray]) -> Run:
    """The network that ships."""
    targets, ends = targets_of(args, pool, taught), np.cumsum([0, *map(len, (pool.raw, pool.plain, pool.raw_crossed))])
    raw, plain, raw_crossed, plain_crossed = (targets[a:b] for a, b in zip(ends, [*ends[1:], None], strict=True))
    run = Run(args, "student", args.seed + 100)
    run.learn(0, Phase([*pool.raw, *pool.raw_crossed], [*raw, *raw_crossed], 4, RAW_RATE))
    run.learn(1, Phase([*pool.plain, *pool.plain_crossed], [*plain, *plain_crossed], 3, PLAIN_RATE))
    return run


def score_unseen(args: argparse.Namespace, pool: Pool, taught: Sequence[np.ndarray]) -> float:
    """Share of the labelled pairs in plain words that a teacher gets right that had not seen their matter."""
    right = [
        int(one[at].argmax()) == pair.label
        for at, pair in enumerate(pool.plain, len(pool.raw))
        for n, one in enumerate(taught) if n % args.folds == fold_of(pair, args.folds)
    ]  # fmt: skip
    return sum(right) / len(right)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", type=Path, required=True, help="the file that training.relations.plain wrote")
    parser.add_argument("--pairs", type=Path, default=HERE, help="folder of labelled pairs")
    parser.add_argument("--work", type=Path, default=Path("var/training/relations"))
    parser.add_argument("--folder", type=Path, default=Path("pipeline/link/model"), help="where the model goes")
    parser.add_argument("--version", default="1.2")
    parser.add_argument("--part", help="make one teacher only: teacher-0, teacher-1, …")
    parser.add_argument("--teachers", type=int, default=5)
    parser.add_argument(
        "--folds", type=int, default=5, help="a teacher learns without one of so many parts of the matters"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--half", action=argparse.BooleanOptionalAction, default=True, help="bfloat16 products")
    args = parser.parse_args()
    if args.teachers < args.folds:
        parser.error("each part of the matters needs a teacher that has not seen it: --teachers below --folds")
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    pool = make_pool(args)
    print(f"{len(pool.raw)} labelled pairs, {len(pool.plain)} in plain words, {len(pool.all)} in all", flush=True)
    if args.part:
        make_teacher(args, pool, int(args.part.removeprefix("teacher-")))
        return
    taught = [make_teacher(args, pool, number) for number in range(args.teachers)]
    print(f"unseen pairs right: {score_unseen(args, pool, taught):.3f} of {len(LABELS)} relations", flush=True)
    export(make_student(args, pool, taught).network.cpu().eval(), args.folder, args.version)


if __name__ == "__main__":
    main()
