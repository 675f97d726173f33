"""The models of every family once more, in plain tensors and float64, formula by formula, without transformers' code."""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file


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


def read_model(folder: Path) -> tuple[dict, dict[str, torch.Tensor]]:
    """config.json, and the weights in float64."""
    config = json.loads((folder / "config.json").read_text())
    return config, {key: value.double() for path in folder.glob("*.safetensors") for key, value in load_file(path).items()}


def logits_of(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], positions=None, segments=None) -> torch.Tensor:
    """[T, V] in float64. Of a packed block a token sees its own segment only, and windows count by positions."""
    places = torch.arange(len(tokens)) if positions is None else torch.tensor(positions)
    parts = torch.zeros(len(tokens)) if segments is None else torch.tensor(segments)
    heads, groups, eps = config["num_attention_heads"], config["num_key_value_heads"], config["rms_norm_eps"]
    head = config.get("head_dim", config["hidden_size"] // heads)
    angles = places[:, None] * frequencies(config["rope_parameters"], head)
    distance = places[:, None] - places
    together = parts[:, None] == parts

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
        seen = together & (distance >= 0) & (distance < window_of(config, layer))
        scores = (turned(q, angles) @ k.mT / math.sqrt(head)).masked_fill(~seen, -math.inf)
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)
        x = x + linear(mixed, f"{at}.self_attn.o_proj")
        h = norm(x, weights[f"{at}.post_attention_layernorm.weight"], eps)
        gate = linear(h, f"{at}.mlp.gate_proj")
        x = x + linear(gate * gate.sigmoid() * linear(h, f"{at}.mlp.up_proj"), f"{at}.mlp.down_proj")
    x = norm(x, weights["model.norm.weight"], eps)
    return x @ weights.get("lm_head.weight", weights["model.embed_tokens.weight"]).T
