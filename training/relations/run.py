"""A training run of the pair network that survives being stopped; and what a trained one says of pairs."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from pipeline.link.reading import LABELS, LONGEST
from training.relations.network import LAYERS, PairNetwork, load_pretrained
from training.relations.pairs import Example, Pair, draw_epoch
from training.weights import find_weights

WARM, AT_ONCE, READ_AT_ONCE = 0.06, 32, 256


def load_tokenizer() -> Tokenizer:
    """That of the pretrained encoder; the longer sentence of a pair is cut."""
    tokenizer = Tokenizer.from_file(str(find_weights() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def collate(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and kinds, each (B, T)."""
    read = tokenizer.encode_batch(list(pairs))
    width = max(len(one.ids) for one in read)

    def padded(name: str) -> Tensor:
        rows = [[*getattr(one, name), *[0] * (width - len(one.ids))] for one in read]
        return torch.tensor(rows).to(device)

    return padded("ids"), padded("attention_mask"), padded("type_ids")


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
    """Pairs with their targets to go through some times, at a rate that rises over the first steps and then falls to
    nothing."""

    pairs: Sequence[Pair]
    targets: Sequence[tuple[float, ...]]
    epochs: int
    rate: float


class Run:
    """A training run: the network, and how many epochs of which phase are done."""

    def __init__(self, args: argparse.Namespace, name: str, seed: int) -> None:
        self.args, self.seed, self.tokenizer = args, seed, load_tokenizer()
        torch.manual_seed(seed)
        self.network = PairNetwork(len(LABELS))
        load_pretrained(self.network)
        self.state_path = args.work / f"{name}.pt"
        self.phase = self.epoch = 0
        self.optimiser_state = None
        if self.state_path.exists():
            saved = torch.load(self.state_path, weights_only=False, map_location="cpu")
            self.network.load_state_dict(saved["network"])
            self.phase, self.epoch, self.optimiser_state = saved["phase"], saved["epoch"], saved["optimiser"]
            print(f"{name} resumed after epoch {self.epoch} of phase {self.phase}", flush=True)
        self.network.to(args.device)

    def learn(self, number: int, phase: Phase) -> None:
        """One phase, less what is done of it."""
        optimiser = make_optimiser(self.network, phase.rate)
        if number == self.phase and self.optimiser_state:
            optimiser.load_state_dict(self.optimiser_state)
        chance = [random.Random(self.seed * 1000 + number * 100 + n) for n in range(phase.epochs)]
        epochs = [draw_epoch(phase.pairs, phase.targets, own) for own in chance]
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

    def step(self, optimiser: torch.optim.Optimizer, rows: Sequence[Example], step: int, total: int) -> None:
        """One batch."""
        device = self.args.device
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, (step + 1) / (WARM * total)) * max(0.0, 1 - step / total)
        self.network.drop.dice = np.random.default_rng((self.seed, step))
        with torch.autocast(device, torch.bfloat16, enabled=self.args.half):
            scores = self.network(*collate(self.tokenizer, [(first, second) for first, second, _ in rows], device))
        targets = torch.tensor([target for *_, target in rows], device=device)
        loss = functional.cross_entropy(scores.float(), targets)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        optimiser.step()
        if step % 100 == 0:
            print(f"{self.state_path.stem}: step {step}/{total} loss {loss.item():.3f}", flush=True)

    def save(self, phase: int, epoch: int, optimiser: torch.optim.Optimizer) -> None:
        """Whole or not at all."""
        value = {
            "network": self.network.state_dict(), "optimiser": optimiser.state_dict(), "phase": phase, "epoch": epoch,
        }  # fmt: skip
        torch.save(value, self.state_path.with_suffix(".part"))
        self.state_path.with_suffix(".part").replace(self.state_path)


@torch.no_grad()
def predict(run: Run, pairs: Sequence[Pair]) -> np.ndarray:
    """(pairs, relations): chances that sum to one a row."""
    run.network.eval()
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].first) + len(pairs[n].second))
    found = np.zeros((len(pairs), len(LABELS)), np.float32)
    for begin in range(0, len(order), READ_AT_ONCE):
        part = order[begin : begin + READ_AT_ONCE]
        with torch.autocast(run.args.device, torch.bfloat16, enabled=run.args.half):
            scores = run.network(
                *collate(run.tokenizer, [(pairs[n].first, pairs[n].second) for n in part], run.args.device)
            )
        found[part] = scores.float().softmax(-1).cpu().numpy()
    return found
