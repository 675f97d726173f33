"""Writes test/fixtures/expected/graph-operations: results and gradients of every differentiable graph operation."""

import numpy
import torch

from graph_operations import CONDITION, OPERATIONS, POSITIVE, ROWS, TARGETS
from provenance import FIXTURES, write_json, write_provenance

SEED = 51


def numbers(tensor: torch.Tensor) -> dict:
    """Shape and values of a float32 tensor, each with the fewest digits that tell it from its neighbours."""
    values = tensor.detach().numpy().astype(numpy.float32).ravel()
    return {"shape": list(tensor.shape), "values": [float(str(value)) for value in values]}


def main() -> None:
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(SEED)
    cases = {}
    for name, (shapes, operation) in OPERATIONS.items():
        inputs = [torch.randn(shape, generator=generator) for shape in shapes]
        if name in POSITIVE:
            inputs = [x.abs() + 0.3 for x in inputs]
        inputs = [x.requires_grad_() for x in inputs]
        y = operation(*inputs)
        dy = torch.randn(y.shape, generator=generator)
        gradients = torch.autograd.grad(y, inputs, dy)
        cases[name] = {
            "inputs": [numbers(x) for x in inputs],
            "y": numbers(y),
            "dy": numbers(dy),
            "gradients": [numbers(g) for g in gradients],
        }
    folder = FIXTURES / "expected" / "graph-operations"
    write_json(folder / "cases.json", cases)
    write_json(
        folder / "indices.json",
        {"rows": ROWS.tolist(), "targets": TARGETS.tolist(), "condition": CONDITION.int().tolist()},
    )
    write_provenance(
        folder,
        "For each operation: inputs, y = operation(inputs), dy, and PyTorch's gradients of sum(y * dy). indices.json: row "
        "numbers of gather and scatter-add, the condition of where.",
        SEED,
    )


if __name__ == "__main__":
    main()
