"""Token sequences to learn, and the same sequences packed into fixed blocks as the engine takes them."""

import random
from dataclasses import dataclass

import torch

from tiny_models import VOCAB

NO_LABEL = -100
BLOCK = 32

# Lengths of the sequences in each block of 32; what is missing to 32 is padding.
LENGTHS = [[11, 9, 7], [20, 12], [32], [5, 5, 5, 5, 5], [17, 8, 3], [26, 6], [13, 12, 4]]


@dataclass
class Sequence:
    """Token ids, and for each whether it is learnt (predicted with loss)."""

    tokens: list[int]
    learnt: list[bool]


def sequences(seed: int) -> list[list[Sequence]]:
    """For each block its sequences: a random prompt, then an answer that follows from the token before it."""
    generator = random.Random(seed)
    answer_of = [generator.randrange(3, VOCAB) for _ in range(VOCAB)]
    result = []
    for lengths in LENGTHS:
        block = []
        for length in lengths:
            prompt = max(1, length // 3)
            tokens = [generator.randrange(3, VOCAB) for _ in range(prompt)]
            while len(tokens) < length:
                tokens.append(answer_of[tokens[-1]] if generator.random() < 0.8 else generator.randrange(3, VOCAB))
            learnt = [i >= prompt for i in range(length)]
            block.append(Sequence(tokens, learnt))
        result.append(block)
    return result


def pack(block: list[Sequence]) -> dict:
    """The block as the engine's `Block`: tokens, segments (0 = padding), positions, labels, learnt."""
    tokens, segments, positions, labels = [], [], [], []
    for number, sequence in enumerate(block, start=1):
        length = len(sequence.tokens)
        tokens += sequence.tokens
        segments += [number] * length
        positions += range(length)
        labels += [
            sequence.tokens[i + 1] if i + 1 < length and sequence.learnt[i + 1] else NO_LABEL
            for i in range(length)
        ]
    padding = BLOCK - len(tokens)
    tokens, segments, positions = (x + [0] * padding for x in (tokens, segments, positions))
    labels += [NO_LABEL] * padding
    learnt = sum(label != NO_LABEL for label in labels)
    return dict(tokens=tokens, segments=segments, positions=positions, labels=labels, learnt=learnt)


def loss_of(model: torch.nn.Module, blocks: list[list[Sequence]]) -> torch.Tensor:
    """Mean loss in nats over all learnt tokens of the blocks, every sequence run by itself, unpacked."""
    total, count = torch.zeros((), dtype=torch.float32), 0
    for sequence in (s for block in blocks for s in block):
        ids = torch.tensor([sequence.tokens])
        labels = torch.tensor(
            [t if learnt else NO_LABEL for t, learnt in zip(sequence.tokens, sequence.learnt)]
        )[1:]
        logits = model(input_ids=ids, use_cache=False).logits[0, :-1]  # [t - 1, V]
        if logits.dtype == torch.bfloat16:
            logits = logits.float()
        total = total + torch.nn.functional.cross_entropy(
            logits, labels, ignore_index=NO_LABEL, reduction="sum"
        )
        count += int((labels != NO_LABEL).sum())
    return total / count
