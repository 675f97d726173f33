"""The differentiable operations of Lorikeet's graph, each with small inputs and what PyTorch computes for them."""

from collections.abc import Callable

import torch
import torch.nn.functional as F

Operation = Callable[..., torch.Tensor]

ROWS = torch.tensor([[4, 0, 1], [1, 1, 3]])  # a row taken three times, one never
TARGETS = torch.tensor([1, 0, 1, 3])
CONDITION = torch.tensor([[1, 0, 1, 1], [0, 0, 1, 0], [1, 1, 0, 1]], dtype=torch.bool)


def scatter_add(x: torch.Tensor) -> torch.Tensor:
    return torch.zeros(4, 3).index_add(0, TARGETS, x)


def split_product(x: torch.Tensor) -> torch.Tensor:
    """The second piece of [2, 3 | 2 | 3] along the last axis is not used: its gradient is 0."""
    first, _, third = x.split([3, 2, 3], -1)
    return first * third


def rms_norm(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * weight


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    scores = q @ k.transpose(-1, -2) * 0.5  # [2, 3, 3]
    hidden = torch.ones(3, 3, dtype=torch.bool).triu(1)
    return scores.masked_fill(hidden, -1e9).softmax(-1) @ v


def cross_entropy(x: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(x, torch.tensor([2, 0, 4]), reduction="sum")


def products() -> dict[str, tuple[list[tuple[int, ...]], Operation]]:
    """[4, 5] · [5, 3], and [2, 3, 4, 5] · [3, 5, 6] with a broadcast axis, each operand stored plain or transposed."""
    cases = {}
    for ta in (False, True):
        for tb in (False, True):
            name = "_nt"[1 + ta] + "_nt"[1 + tb]

            def product(a: torch.Tensor, b: torch.Tensor, ta: bool = ta, tb: bool = tb) -> torch.Tensor:
                return (a.mT if ta else a) @ (b.mT if tb else b)

            cases[f"matmul-{name}"] = ([(5, 4) if ta else (4, 5), (3, 5) if tb else (5, 3)], product)
            a = (2, 3, 5, 4) if ta else (2, 3, 4, 5)
            cases[f"batch-matmul-{name}"] = ([a, (3, 6, 5) if tb else (3, 5, 6)], product)
    return cases


# name -> shapes of the inputs, the operation. Inputs of the names in POSITIVE are positive.
POSITIVE = {"div", "log", "sqrt", "rsqrt"}
OPERATIONS: dict[str, tuple[list[tuple[int, ...]], Operation]] = {
    "add": ([(3, 4), (4,)], lambda a, b: a + b),
    "add-both-broadcast": ([(2, 1, 3), (4, 1)], lambda a, b: a + b),
    "sub": ([(3, 4), (3, 1)], lambda a, b: a - b),
    "sub-from-number": ([(3, 4)], lambda a: 1 - a),
    "mul": ([(2, 3, 4), (3, 1)], lambda a, b: a * b),
    "mul-itself": ([(3, 4)], lambda a: a * a),
    "div": ([(3, 4), (4,)], lambda a, b: a / b),
    "maximum": ([(3, 4), (4,)], torch.maximum),
    "neg": ([(3, 4)], torch.neg),
    "exp": ([(3, 4)], torch.exp),
    "log": ([(3, 4)], torch.log),
    "sqrt": ([(3, 4)], torch.sqrt),
    "rsqrt": ([(3, 4)], torch.rsqrt),
    "sigmoid": ([(3, 4)], torch.sigmoid),
    "tanh": ([(3, 4)], torch.tanh),
    "cos": ([(3, 4)], torch.cos),
    "sin": ([(3, 4)], torch.sin),
    "silu": ([(3, 4)], F.silu),
    "softmax": ([(2, 3, 5)], lambda x: x.softmax(-1)),
    "where": ([(3, 4), (4,)], lambda yes, no: torch.where(CONDITION, yes, no)),
    "sum": ([(2, 3, 4)], lambda x: x.sum(1)),
    "sum-keep": ([(2, 3, 4)], lambda x: x.sum((0, 2), keepdim=True)),
    "mean": ([(2, 3, 4)], lambda x: x.mean(-1)),
    "half-squared-norm": ([(3, 4)], lambda x: x.pow(2).sum() / 2),
    "reshape": ([(3, 4)], lambda x: x.reshape(2, 6)),
    "transpose": ([(2, 3, 4)], lambda x: x.permute(2, 0, 1)),
    "broadcast-to": ([(3, 1)], lambda x: x.expand(2, 3, 4)),
    "concat": ([(2, 3), (2, 2)], lambda a, b: torch.cat([a, b], 1)),
    "split": ([(2, 8)], split_product),
    "slice": ([(3, 5)], lambda x: x[1:3, 2:4]),
    "gather": ([(5, 3)], lambda table: table[ROWS]),
    "scatter-add": ([(4, 3)], scatter_add),
    **products(),
    "rms-norm": ([(3, 8), (8,)], rms_norm),
    "attention": ([(2, 3, 4), (2, 3, 4), (2, 3, 4)], attention),
    "cross-entropy": ([(3, 5)], cross_entropy),
    "pad": ([(2, 3)], lambda x: F.pad(x, (2, 1, 1, 0))),
    "identity": ([(3, 4)], lambda x: x.clone()),
    "cast": ([(3, 4)], lambda x: x.bfloat16().float()),
    "stop-gradient": ([(3, 4)], lambda x: x * x.detach()),
    "call": ([(3, 4), (4,)], lambda a, b: a.sin() * b),
    "erf": ([(3, 4)], torch.erf),
    "gelu": ([(3, 4)], F.gelu),
    "gelu-tanh": ([(3, 4)], lambda x: F.gelu(x, approximate="tanh")),
    "layer-norm": ([(3, 8), (8,), (8,)], lambda x, w, b: F.layer_norm(x, (8,), w, b, 1e-12)),
    # New ones at the end: what the others are given is drawn before.
    "minimum": ([(3, 4), (4,)], torch.minimum),
}
