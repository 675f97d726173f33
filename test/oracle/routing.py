"""What the routers of a mixture of experts choose, and how near the next choice was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch

# Where a router's last chosen and first rejected expert are nearer than this, another order of additions might choose otherwise.
LEAST_GAP = 1e-3


@dataclass
class Routing:
    """What was chosen while a model was watched: by router, each [tokens, k]; smallest difference of the probabilities."""

    chosen: dict[str, list[torch.Tensor]] = field(default_factory=dict)
    gap: float = float("inf")


@contextmanager
def watched(model: torch.nn.Module) -> Iterator[Routing]:
    """Takes down what the model's routers choose; nothing of a model that has none."""
    routing = Routing()

    def take(name: str, output: tuple[torch.Tensor, ...]) -> None:
        logits, _, chosen = output
        ordered = logits.detach().float().softmax(-1).sort(-1, descending=True).values
        last = chosen.shape[-1]
        routing.gap = min(routing.gap, float((ordered[:, last - 1] - ordered[:, last]).min()))
        routing.chosen.setdefault(name, []).append(chosen)

    handles = [
        module.register_forward_hook(lambda _, __, output, name=name: take(name, output))
        for name, module in model.named_modules()
        if type(module).__name__.endswith("Router")
    ]
    try:
        yield routing
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def decided(model: torch.nn.Module, least: float = LEAST_GAP) -> Iterator[Routing]:
    """The same, and no choice may have been closer than `least`: other seeds are needed then."""
    with watched(model) as routing:
        yield routing
    assert routing.gap >= least, f"a router chose by a difference of {routing.gap}"


def same_choices(first: Routing, second: Routing) -> bool:
    """Whether the same experts were chosen, in the same order, all along."""
    return first.chosen.keys() == second.chosen.keys() and all(
        torch.equal(a, b) for name in first.chosen for a, b in zip(first.chosen[name], second.chosen[name], strict=True)
    )
