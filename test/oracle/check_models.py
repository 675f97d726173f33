"""Computes the logits of every tiny model a second time, from its files alone and without transformers' model code.

Plain tensors in float64, formula by formula. Also has transformers generate with its key/value cache. Exits with 1 where
either is not what make_models.py wrote.
"""

import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from provenance import FIXTURES
from tiny_models import CONFIGS

# transformers computes in float32: some hundred roundings of 6e-8 each, of numbers near the largest logit.
TOLERANCE = 1e-5


def norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    return x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt() * weight


def frequencies(rope: dict, head: int) -> torch.Tensor:
    """Turns of one position, in radians. [head / 2]"""
    plain = rope["rope_theta"] ** (-torch.arange(0, head, 2, dtype=torch.float64) / head)
    if rope["rope_type"] == "default":
        return plain
    assert rope["rope_type"] == "llama3", rope
    # Waves longer than the old context are stretched by the factor, short ones not; between them the share falls evenly
    # with the number of waves in the old context.
    waves = rope["original_max_position_embeddings"] * plain / (2 * math.pi)
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    share = ((waves - low) / (high - low)).clamp(0, 1)
    return plain * (share + (1 - share) / rope["factor"])


def turned(x: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
    """x [heads, T, d] with value i and value i + d / 2 as the parts of a complex number, turned by angles [T, d / 2]."""
    real, imaginary = x.chunk(2, -1)
    y = torch.complex(real, imaginary) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([y.real, y.imag], -1)


def window_of(config: dict, layer: int) -> float:
    """How many keys a query sees, itself included."""
    family, width = config["model_type"], config.get("sliding_window") or math.inf
    if family == "mistral":
        return width
    windowed = config.get("use_sliding_window", False) and layer >= config["max_window_layers"]
    return width if windowed else math.inf


def logits_of(folder: Path, tokens: list[int]) -> torch.Tensor:
    """[T, V], float64."""
    config = json.loads((folder / "config.json").read_text())
    weights = {key: value.double() for path in folder.glob("*.safetensors") for key, value in load_file(path).items()}
    heads, groups, eps = config["num_attention_heads"], config["num_key_value_heads"], config["rms_norm_eps"]
    head = config.get("head_dim", config["hidden_size"] // heads)
    places = torch.arange(len(tokens), dtype=torch.float64)
    angles = places[:, None] * frequencies(config["rope_parameters"], head)
    distance = places[:, None] - places

    def linear(x: torch.Tensor, path: str) -> torch.Tensor:
        return x @ weights[f"{path}.weight"].T + weights.get(f"{path}.bias", 0)

    x = weights["model.embed_tokens.weight"][tokens]
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        h = norm(x, weights[f"{at}.input_layernorm.weight"], eps)
        q, k, v = (linear(h, f"{at}.self_attn.{p}_proj").unflatten(-1, (-1, head)).transpose(0, 1) for p in "qkv")
        if config["model_type"] == "qwen3":
            q, k = (norm(y, weights[f"{at}.self_attn.{p}_norm.weight"], eps) for y, p in ((q, "q"), (k, "k")))
        k, v = (y.repeat_interleave(heads // groups, 0) for y in (turned(k, angles), v))
        seen = (distance >= 0) & (distance < window_of(config, layer))
        scores = (turned(q, angles) @ k.mT / math.sqrt(head)).masked_fill(~seen, -math.inf)
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)
        x = x + linear(mixed, f"{at}.self_attn.o_proj")
        h = norm(x, weights[f"{at}.post_attention_layernorm.weight"], eps)
        gate = linear(h, f"{at}.mlp.gate_proj")
        x = x + linear(gate * gate.sigmoid() * linear(h, f"{at}.mlp.up_proj"), f"{at}.mlp.down_proj")
    x = norm(x, weights["model.norm.weight"], eps)
    return x @ weights.get("lm_head.weight", weights["model.embed_tokens.weight"]).T


def cached_generation(folder: Path, prompt: list[int], count: int) -> list[int]:
    """The tokens that transformers' own `generate` adds, with its cache."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    output = model.generate(torch.tensor([prompt]), max_new_tokens=count, do_sample=False)
    return output[0, len(prompt):].tolist()


def main() -> int:
    torch.set_num_threads(1)
    wrong = []
    for name in [*CONFIGS, "tiny-untied-bf16-sharded"]:
        folder, expected = FIXTURES / "models" / name, FIXTURES / "expected" / name
        tokens = json.loads((expected / "tokens.json").read_text())
        logits = load_file(expected / "logits.safetensors")["logits"][0]
        gap = float((logits_of(folder, tokens) - logits).abs().max() / logits.abs().max())
        same = True
        if (expected / "generation.json").exists():
            answer = json.loads((expected / "generation.json").read_text())
            same = cached_generation(folder, answer["promptTokens"], len(answer["tokens"])) == answer["tokens"]
        print(f"{name}: logits within {gap:.1e} of the largest, cached generation {'the same' if same else 'DIFFERS'}")
        if not (gap < TOLERANCE and same):
            wrong.append(name)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
