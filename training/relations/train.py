"""Makes the relation model: python -m training.relations.train --plain FILE [--work FOLDER] [--folder FOLDER]

Fine-tunes MiniLM-L6 on pairs of sentences of our own (training/relations/*.tsv: invented matters, labelled as they were
written), then on the same as the pipeline reads them (training.relations.plain), exports it as int8 and writes
relations.toml. Resumes after a kill from the last whole epoch; seeds are fixed. `make train-relations` does it all.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from pipeline.link.reading import LABELS, LONGEST
from training.relations.export import export
from training.relations.network import LAYERS, PairNetwork, load_pretrained
from training.weights import find_weights

HERE = Path(__file__).parent
# Either of two sentences may come first: the label stays.
EVEN = frozenset({"none", "repeats", "supports", "contradicts"})
SWAPPED, UNLIKE, SMOOTHING, WARM, AT_ONCE = 0.3, 0.3, 0.05, 0.06, 32
Row = tuple[str, str, int]


def read_pairs(paths: Iterable[Path]) -> list[Row]:
    """(earlier, later, label) of every row."""
    rows = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                rows.append((row["first"], row["second"], LABELS.index(row["relation"])))
    return rows


def load_tokenizer() -> Tokenizer:
    """That of the pretrained encoder; the longer sentence of a pair is cut."""
    tokenizer = Tokenizer.from_file(str(find_weights() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def collate(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and kinds, each (B, T)."""
    read = [tokenizer.encode(first, second) for first, second in pairs]
    width = max(len(one.ids) for one in read)

    def padded(name: str) -> Tensor:
        return torch.tensor([[*getattr(one, name), *[0] * (width - len(one.ids))] for one in read])

    return padded("ids"), padded("attention_mask"), padded("type_ids")


def draw_epoch(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """The rows of one epoch in random order: some turned round, and pairs of sentences on different matters beside them."""
    drawn = []
    for first, second, label in rows:
        is_turned = LABELS[label] in EVEN and chance.random() < SWAPPED
        drawn.append((second, first, label) if is_turned else (first, second, label))
    for _ in range(int(len(rows) * UNLIKE)):
        one, other = chance.choice(rows), chance.choice(rows)
        if one[0] != other[0]:
            drawn.append((one[chance.randint(0, 1)], other[chance.randint(0, 1)], 0))  # type: ignore[arg-type]
    chance.shuffle(drawn)
    return drawn


def make_optimiser(network: PairNetwork, rate: float) -> torch.optim.Optimizer:
    """AdamW; each layer learns at nine tenths of the rate of the one above it, the head at four times."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            part = name.split(".")
            depth = LAYERS - 1 - int(part[1]) if part[0] == "layers" else LAYERS
            scale = 4.0 if part[0] in ("mix", "out") else 0.9**depth
            groups.setdefault((scale, 0.0 if parameter.ndim < 2 else 0.01), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": p, "lr": rate * s, "base": rate * s, "weight_decay": w} for (s, w), p in groups.items()],
        betas=(0.9, 0.98),
    )


@dataclass(frozen=True, slots=True)
class Phase:
    """Rows to go through some times, at a rate that rises over the first steps and then falls to nothing."""

    rows: list[Row]
    epochs: int
    rate: float


class Run:
    """A training run: the network, and how many epochs of which phase are done."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.tokenizer = args, load_tokenizer()
        torch.manual_seed(args.seed)
        self.network = PairNetwork(len(LABELS))
        load_pretrained(self.network)
        self.state_path = Path(args.work) / "relations.pt"
        self.phase = self.epoch = 0
        self.optimiser_state = None
        if self.state_path.exists():
            saved = torch.load(self.state_path, weights_only=False)
            self.network.load_state_dict(saved["network"])
            self.phase, self.epoch, self.optimiser_state = saved["phase"], saved["epoch"], saved["optimiser"]
            print(f"resumed after epoch {self.epoch} of phase {self.phase}", flush=True)

    def learn(self, number: int, phase: Phase) -> None:
        """One phase, less what is done of it."""
        optimiser = make_optimiser(self.network, phase.rate)
        if number == self.phase and self.optimiser_state:
            optimiser.load_state_dict(self.optimiser_state)
        chance = [random.Random(self.args.seed * 1000 + number * 100 + n) for n in range(phase.epochs)]
        epochs = [draw_epoch(phase.rows, own) for own in chance]
        total, step = sum(-(-len(epoch) // AT_ONCE) for epoch in epochs), 0
        self.network.train()
        for at, epoch in enumerate(epochs):
            is_done = (number, at) < (self.phase, self.epoch)
            for begin in range(0, len(epoch), AT_ONCE):
                if not is_done:
                    self.step(optimiser, epoch[begin : begin + AT_ONCE], step, total)
                step += 1
            if not is_done:
                self.save(number, at + 1, optimiser)

    def step(self, optimiser: torch.optim.Optimizer, rows: Sequence[Row], step: int, total: int) -> None:
        """One batch."""
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, (step + 1) / (WARM * total)) * max(0.0, 1 - step / total)
        self.network.drop.dice = np.random.default_rng((self.args.seed, step))
        with torch.autocast("cpu", torch.bfloat16, enabled=self.args.half):
            scores = self.network(*collate(self.tokenizer, [(first, second) for first, second, _ in rows]))
        labels = torch.tensor([label for *_, label in rows])
        loss = functional.cross_entropy(scores.float(), labels, label_smoothing=SMOOTHING)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        optimiser.step()
        if step % 20 == 0:
            print(f"step {step}/{total} loss {loss.item():.3f}", flush=True)

    def save(self, phase: int, epoch: int, optimiser: torch.optim.Optimizer) -> None:
        """Whole or not at all."""
        value = {
            "network": self.network.state_dict(), "optimiser": optimiser.state_dict(), "phase": phase, "epoch": epoch,
        }  # fmt: skip
        torch.save(value, self.state_path.with_suffix(".part"))
        self.state_path.with_suffix(".part").replace(self.state_path)


def train(args: argparse.Namespace) -> PairNetwork:
    """The trained network: all pairs as they were written, then the claims that linking sees."""
    run = Run(args)
    run.learn(0, Phase(read_pairs(sorted(HERE.glob("*.tsv"))), 5, 1.5e-4))
    run.learn(1, Phase(read_pairs([args.plain]), 2, 7e-5))
    return run.network.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", type=Path, required=True, help="the file that training.relations.plain wrote")
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--folder", type=Path, default=Path("pipeline/link/model"), help="where the model goes")
    parser.add_argument("--version", default="1.1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--half", action=argparse.BooleanOptionalAction, default=True, help="bfloat16 products")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    export(train(args), args.folder, args.version)


if __name__ == "__main__":
    main()
