"""Makes the attribution tagger: python -m training.train [--corpus FILE] [--work FOLDER] [--epochs N] ...

Fine-tunes MiniLM-L6 on the corpus, exports it as int8, settles the decoder on the held-out part and writes the model and
its card. Two runs from the same first weights see the batches in another order and lie in one valley: the mean of their
weights is better than either. Resumes after a kill from the work folder; orders, dropout and first weights come from seeds.
Needs the packages of `make train`.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.batches import Sample, Vocabulary, collate, load_samples, make_batches, make_vocabulary
from training.corpus import TRAIN_SHA256, is_held_out, read_records
from training.network import LINK, Network, crf_loss, link_loss, load_encoder
from training.parses import read_parses
from training.publish import publish
from training.weights import find_weights

SAVE_EVERY_S = 150
WARM, AGAIN = 0.06, 0.5


def losses(network: Network, inputs: dict[str, Tensor], targets: dict[str, Tensor], half: bool) -> tuple[Tensor, ...]:
    """(tag loss, content link loss, source link loss)"""
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        scores = network(**inputs)
    scores = scores.float()
    words = scores.gather(1, targets["places"].unsqueeze(-1).expand(-1, -1, scores.shape[-1]))
    size = network.labels
    pairs = words[..., : size * size].view(*words.shape[:2], size, size)
    known, opens = targets["known"].bool(), targets["opens"].bool()
    asks_cue, cue, asks_source, source = words[..., size * size :].split(LINK, -1)
    return (
        crf_loss(pairs, targets["labels"], opens, known),
        link_loss(asks_cue, cue, targets["cue"], known, None),
        link_loss(asks_source, source, targets["source"], known, scores[:, 0, size * size + 3 * LINK :]),
    )


def make_optimiser(network: Network, rate: float, decay: float = 0.9) -> torch.optim.Optimizer:
    """AdamW; each layer learns at `decay` of the rate of the one above it, parts new to the encoder at four times."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        groups.setdefault((_scale(name.split("."), decay), 0.0 if parameter.ndim < 2 else 0.01), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": p, "lr": rate * s, "base": rate * s, "weight_decay": w} for (s, w), p in groups.items()],
        betas=(0.9, 0.98),
        fused=True,
    )


def _scale(part: Sequence[str], decay: float) -> float:
    if part[0] == "layers":
        return float(decay ** (5 - int(part[1])))
    return float(decay**6) if part[0] == "norm" else 4.0


def decide_rate(step: int, ends: Sequence[int]) -> float:
    """The share of the rate at a step of schedules that end at these: each goes up over its first steps, then down to
    nothing in a line; the later ones to half the height of the first."""
    at = next(at for at, end in enumerate(ends) if step < end)
    begin = ends[at - 1] if at else 0
    done, size = step - begin, ends[at] - begin
    return float((AGAIN if at else 1.0) * min(1.0, (done + 1) / (WARM * size)) * (1 - done / size))


def set_rate(optimiser: torch.optim.Optimizer, part: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = group["base"] * part


def evaluate(network: Network, samples: Sequence[Sample], half: bool) -> list[float]:
    """The three losses on samples, mean of batches."""
    network.eval()
    chance, rows = random.Random(0), []
    with torch.inference_mode():
        for batch in make_batches(samples, chance, training=False):
            rows.append([float(x) for x in losses(network, *collate(batch, chance, 0.0), half)])
    network.train()
    return [round(float(x), 4) for x in np.mean(rows, axis=0)]


def decide_threads(load: float, own: int, cores: int) -> int:
    """Two threads where the load of others leaves a core free, else one."""
    return 2 if cores > 1 and load - own < cores - 1.2 else 1


class Run:
    """A training run: network, optimiser and how far it came; ``seed`` decides order and dropout."""

    def __init__(self, args: argparse.Namespace, vocabulary: Vocabulary, seed: int) -> None:
        self.args, self.vocabulary, self.step, self.seed = args, vocabulary, 0, seed
        self.work = Path(args.work) / f"seed{seed}"
        self.work.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(args.seeds[0])
        self.network = Network(len(vocabulary.tags) + 1, len(vocabulary.relations) + 1)
        load_encoder(self.network, find_weights() / "model.safetensors")
        if args.begin_from:
            self.network.load_state_dict(torch.load(args.begin_from, weights_only=False)["network"])
        self.optimiser = make_optimiser(self.network, args.rate)
        self.state_path = self.work / "state.pt"
        self.saved_at = self.began_at = time.monotonic()
        self.mean: Any = None

    def resume(self) -> None:
        """Goes on where a killed run was saved last."""
        if self.state_path.exists():
            state = torch.load(self.state_path, weights_only=False)
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step = state["step"]
            print(f"resumed at step {self.step}", flush=True)

    def save_state(self) -> None:
        """At most every few minutes."""
        if time.monotonic() - self.saved_at > SAVE_EVERY_S:
            parts = {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict(), "step": self.step}
            _save(self.state_path, parts)
            self.saved_at = time.monotonic()

    def save_network(self, name: str) -> Path:
        """The network with the ids of tags and relations that it was trained with."""
        path = self.work / name
        _save(
            path,
            {
                "network": self.network.state_dict(),
                "tags": self.vocabulary.tags,
                "relations": self.vocabulary.relations,
            },
        )
        return path

    def learn(self, batch: Any, ends: Sequence[int]) -> None:
        """One step."""
        chance = random.Random(self.seed * 10_000_019 + self.step)
        self.network.drop.dice = np.random.default_rng((self.seed, self.step))
        set_rate(self.optimiser, decide_rate(self.step, ends))
        if self.args.threads == 0 and self.step % 10 == 0:
            threads = decide_threads(os.getloadavg()[0], torch.get_num_threads(), os.cpu_count() or 1)
            torch.set_num_threads(threads)
        parts = losses(self.network, *collate(batch, chance, self.args.blind, self.args.masked), self.args.half)
        self.optimiser.zero_grad(set_to_none=True)
        (parts[0] + self.args.link * (parts[1] + parts[2])).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        now = np.array([part.item() for part in parts])
        self.mean = now if self.mean is None else 0.98 * self.mean + 0.02 * now
        if self.step % 25 == 0:
            losses_now = self.mean.round(4).tolist()
            print(f"step {self.step}/{ends[-1]} loss {losses_now} {time.monotonic() - self.began_at:.0f} s", flush=True)


def train(args: argparse.Namespace) -> Path:
    """Path of the trained network."""
    records = read_records(args.corpus, TRAIN_SHA256)
    tokenizer = Tokenizer.from_file(str(find_weights() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    parses = read_parses(records, args.work / "parses.pkl")
    vocabulary = make_vocabulary(parses)
    if args.begin_from:
        saved = torch.load(args.begin_from, weights_only=False)
        vocabulary = Vocabulary(saved["tags"], saved["relations"])
    samples = load_samples(records, parses, vocabulary, tokenizer)
    learned = [s for i, s in enumerate(samples) if not is_held_out(i)]
    held = [s for i, s in enumerate(samples) if is_held_out(i)]
    ends = [path for seed in args.seeds for path in run_through(Run(args, vocabulary, seed), learned, held)]
    last = Run(args, vocabulary, args.seeds[-1])
    average(last.network, ends)
    print(f"mean of all schedules' ends held out: {evaluate(last.network, held, args.half)}", flush=True)
    return last.save_network("final.pt")


def run_through(run: Run, learned: Sequence[Sample], held: Sequence[Sample]) -> list[Path]:
    """All schedules of one run, less what is done of them: the saved networks at their ends."""
    args, lasts = run.args, list(itertools.accumulate(run.args.epochs))
    paths = [run.work / f"epoch{last - 1}.pt" for last in lasts]
    if all(path.exists() for path in paths):
        return paths
    run.resume()
    chances = [random.Random(run.seed * 1000 + epoch) for epoch in range(lasts[-1])]
    epochs = [make_batches(learned, chance, training=True) for chance in chances]
    ends = [sum(map(len, epochs[:last])) for last in lasts]
    begin = 0
    print(
        f"seed {run.seed}: {len(learned)} texts, {sum(len(s.encoded) for s in learned)} words, {ends[-1]} steps",
        flush=True,
    )
    run.network.train()
    for epoch, batches in enumerate(epochs):
        for batch in batches[max(0, run.step - begin) :]:
            run.learn(batch, ends)
            run.save_state()
        if run.step == begin + len(batches):
            print(f"epoch {epoch} held out: {evaluate(run.network, held, args.half)}", flush=True)
            run.save_network(f"epoch{epoch}.pt")
        begin += len(batches)
    return paths


def average(network: Network, ends: Sequence[Path]) -> None:
    """Sets the weights to the mean of saved ones: those of schedules that follow each other lie in one valley."""
    saved = [torch.load(path, weights_only=False)["network"] for path in ends]
    network.load_state_dict({name: sum(own[name] for own in saved) / len(saved) for name in saved[0]})


def _save(path: Path, value: Any) -> None:
    """Whole or not at all."""
    torch.save(value, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/data/polnear/train.jsonl"))
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--folder", type=Path, default=Path("pipeline/analyse/model"), help="where the model goes")
    parser.add_argument("--version", default="1.2")
    parser.add_argument("--epochs", type=int, nargs="+", default=[4, 1], help="of each schedule in turn")
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--link", type=float, default=0.1, help="weight of each link loss")
    parser.add_argument("--blind", type=float, default=0.15, help="share of windows read without their parse")
    parser.add_argument("--masked", type=float, default=0.06, help="share of words read without their letters")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2], help="one run each; the first one's weights begin"
    )
    parser.add_argument("--threads", type=int, default=0, help="0: one, and two while nobody wants the second core")
    parser.add_argument("--half", action=argparse.BooleanOptionalAction, default=True, help="bfloat16 products")
    parser.add_argument("--begin-from", type=Path, help="a saved network to go on from, with a new schedule")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads or 1)
    publish(train(args), args)


if __name__ == "__main__":
    main()
