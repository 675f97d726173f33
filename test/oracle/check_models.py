"""Computes the logits of every tiny model, and the gradients of its family's adapter, a second time: see reference.py.

Gradients are computed from packed blocks here, while make_gradients.py runs the sequences one by one. Also has transformers
generate with its key/value cache. Exits with 1 where any of it is not what the fixtures say.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from adapters import FAMILY_MODELS
from blocks import NO_LABEL
from expert_adapters import APART, OWN
from provenance import FIXTURES
from reference import logits_of, read_model
from tiny_models import CONFIGS

# The fixtures are float32: some hundred roundings of 6e-8 each, of numbers near the largest logit. Gradients have gone
# through twice as many, and cancel.
LOGITS_TOLERANCE = 1e-5
GRADIENTS_TOLERANCE = 5e-5


def distance(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Largest difference over the largest expected number."""
    return float((found - expected).abs().max() / expected.abs().max())


def cached_generation(folder: Path, prompt: list[int], count: int) -> list[int]:
    """The tokens that transformers' own `generate` adds, with its cache."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    output = model.generate(torch.tensor([prompt]), max_new_tokens=count, do_sample=False)
    return output[0, len(prompt):].tolist()


def logits_and_generation(name: str) -> tuple[float, bool]:
    """How far the fixture's logits are from the formulas', and whether a cache changes nothing."""
    folder, expected = FIXTURES / "models" / name, FIXTURES / "expected" / name
    tokens = json.loads((expected / "tokens.json").read_text())
    fixture = load_file(expected / "logits.safetensors")
    wanted = [fixture[key][0] for key in ("logits", "logits.short") if key in fixture]
    gap = max(distance(logits_of(*read_model(folder), tokens[: len(each)]), each) for each in wanted)
    if not (expected / "generation.json").exists():
        return gap, True
    answer = json.loads((expected / "generation.json").read_text())
    return gap, cached_generation(folder, answer["promptTokens"], len(answer["tokens"])) == answer["tokens"]


def with_adapter(weights: dict[str, torch.Tensor], adapter: dict[str, torch.Tensor], options: dict) -> dict[str, torch.Tensor]:
    """The weights with what A and B change, and with the adapter's own where it has them whole."""
    result = dict(weights)
    for key, value in adapter.items():
        path = key.removeprefix("base_model.model.")
        if path.endswith(".lora_A.weight"):
            change = options["lora_alpha"] / options["r"] * adapter[key.replace("lora_A", "lora_B")] @ value
            path = path.replace(".lora_A", "")
            result[path] = weights[path] + (change.T if options.get("fan_in_fan_out") else change)
        elif not path.endswith(".lora_B.weight"):
            result[path] = value
    return result


def gradients(name: str, model: str) -> float:
    """How far the fixture's gradients of all A and B of the adapter `name`, on `model`, are from the formulas'."""
    config, weights = read_model(FIXTURES / "models" / model)
    adapter = load_file(FIXTURES / "adapters" / name / "adapter_model.safetensors")
    adapter = {key: value.double().requires_grad_() for key, value in adapter.items()}
    weights = with_adapter(weights, adapter, json.loads((FIXTURES / "adapters" / name / "adapter_config.json").read_text()))
    expected = FIXTURES / "expected" / f"gradients-{name}"
    total, count = 0, 0
    for block in json.loads((expected / "batch.json").read_text())["blocks"]:
        logits = logits_of(config, weights, block["tokens"], block["positions"], block["segments"])
        labels = torch.tensor(block["labels"])
        total = total + torch.nn.functional.cross_entropy(logits, labels, ignore_index=NO_LABEL, reduction="sum")
        count += block["learnt"]
    (total / count).backward()
    wanted = load_file(expected / "gradients.safetensors")
    assert wanted.keys() == adapter.keys(), name
    return max(distance(adapter[key].grad, value) for key, value in wanted.items())


def main() -> int:
    torch.set_num_threads(1)
    wrong = []
    for name in [*CONFIGS, "tiny-untied-bf16-sharded"]:
        gap, same = logits_and_generation(name)
        print(f"{name}: logits within {gap:.1e} of the largest, cached generation {'the same' if same else 'DIFFERS'}", flush=True)
        if not (gap < LOGITS_TOLERANCE and same):
            wrong.append(name)
    apart = {name: OWN[stacked] for name, stacked in APART.items() if stacked in OWN}
    for name, model in {**{name: name for name in FAMILY_MODELS}, **apart}.items():
        gap = gradients(name, model)
        print(f"{name}: gradients within {gap:.1e}", flush=True)
        if not gap < GRADIENTS_TOLERANCE:
            wrong.append(f"gradients-{name}")
    if wrong:
        print("wrong:", ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
