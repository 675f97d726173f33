"""Computes the logits and gradients of every tiny classifier a second time: see reference.py. Exits with 1 where they differ."""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from check_models import GRADIENTS_TOLERANCE, LOGITS_TOLERANCE, distance, with_adapter
from provenance import FIXTURES
from reference import read_model
from reference_encoders import classified


def loss(problem: str, logits: torch.Tensor, labels: list) -> torch.Tensor:
    """Mean over sequences, and over labels where there are several at once."""
    wanted = torch.tensor(labels)
    match problem:
        case "single_label_classification":
            return -logits.log_softmax(-1)[range(len(labels)), wanted].mean()
        case "multi_label_classification":
            p = logits.sigmoid()
            return -(wanted * p.log() + (1 - wanted) * (1 - p).log()).mean()
        case "regression":
            return (logits[:, 0] - wanted).pow(2).mean()
    raise AssertionError(problem)


def gaps(folder: Path) -> tuple[float, float]:
    """How far logits, with the adapter and without, and gradients of loss are from the formulas'."""
    config, weights = read_model(folder / "model")
    data = json.loads((folder / "sequences.json").read_text())
    adapter = load_file(folder / "adapter" / "adapter_model.safetensors")
    adapter = {key: value.double().requires_grad_() for key, value in adapter.items()}
    options = json.loads((folder / "adapter" / "adapter_config.json").read_text())

    def logits(weights: dict[str, torch.Tensor]) -> torch.Tensor:
        each = data["sequences"]
        return torch.stack([classified(config, weights, s["tokens"], s.get("types", [0] * len(s["tokens"]))) for s in each])

    adapted = logits(with_adapter(weights, adapter, options))
    loss(data["problem"], adapted, [sequence["label"] for sequence in data["sequences"]]).backward()
    expected, gradients = load_file(folder / "logits.safetensors"), load_file(folder / "gradients.safetensors")
    assert gradients.keys() == adapter.keys(), folder
    far = max(distance(found.detach(), expected[key]) for key, found in (("logits", logits(weights)), ("adapter.logits", adapted)))
    return far, max(distance(adapter[key].grad, value) for key, value in gradients.items())


def main() -> int:
    torch.set_num_threads(1)
    wrong = []
    for folder in sorted((FIXTURES / "classifiers").iterdir()):
        logits, gradients = gaps(folder)
        print(f"{folder.name}: logits within {logits:.1e}, gradients within {gradients:.1e}", flush=True)
        if not (logits < LOGITS_TOLERANCE and gradients < GRADIENTS_TOLERANCE):
            wrong.append(folder.name)
    if wrong:
        print("wrong:", ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
