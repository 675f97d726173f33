"""The body that all pre-norm decoders in LLaMA's shape share, with what sets each family apart."""

import math

import torch

from reference_experts import mlp, silu
from reference_kit import Places, attention, capped, gelu_tanh, rms_norm, turned, turns


def window_of(config: dict, layer: int) -> float:
    """How many keys a query sees, itself included."""
    width = config.get("sliding_window") or math.inf
    match config["model_type"]:
        case "mistral" | "phi3" | "mixtral" | "qwen3_moe":
            windowed = True
        case "qwen2_moe":
            windowed = config["use_sliding_window"] and layer % 2 == 0 and layer < config["max_window_layers"]
        case "gemma2":
            windowed = layer % 2 == 0
        case "gemma3_text":
            windowed = layer % 6 != 5
        case _:
            windowed = config.get("use_sliding_window", False) and layer >= config["max_window_layers"]
    return width if windowed else math.inf


def rope_of(config: dict, layer: int) -> dict:
    """Gemma 3 has rotary positions of their own for layers with a window."""
    rope = config["rope_parameters"]
    if config["model_type"] != "gemma3_text":
        return rope
    return rope["full_attention" if math.isinf(window_of(config, layer)) else "sliding_attention"]


def unfused(config: dict, weights: dict[str, torch.Tensor], head: int) -> dict[str, torch.Tensor]:
    """Phi-3's weights by the names that the others have: rows of q, k and v, and of gate and up, stand one after the other."""
    queries, keys = (config[f"num_{kind}_heads"] * head for kind in ("attention", "key_value"))
    parts = {
        "qkv_proj": (("q_proj", "k_proj", "v_proj"), (queries, keys, keys)),
        "gate_up_proj": (("gate_proj", "up_proj"), 2 * (config["intermediate_size"],)),
    }
    apart = {}
    for key, weight in weights.items():
        fused = key.split(".")[-2]
        names, rows = parts.get(fused, ((fused,), (weight.shape[0],)))
        apart |= {key.replace(fused, name): part for name, part in zip(names, weight.split(rows))}
    return apart


def decoder(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], places: Places) -> torch.Tensor:
    """[T, V]"""
    eps, hidden = config["rms_norm_eps"], config["hidden_size"]
    head = config.get("head_dim") or hidden // config["num_attention_heads"]
    gemma = config["model_type"].startswith("gemma")
    weights = unfused(config, weights, head)
    scale = config.get("query_pre_attn_scalar", head) ** -0.5
    cap = config.get("attn_logit_softcapping") if config["model_type"] == "gemma2" else None
    limit = config.get("clip_qkv") or math.inf

    def linear(x: torch.Tensor, path: str) -> torch.Tensor:
        return x @ weights[f"{path}.weight"].T + weights.get(f"{path}.bias", 0)

    def norm(x: torch.Tensor, path: str) -> torch.Tensor:
        return rms_norm(x, weights[f"{path}.weight"] + (1 if gemma else 0), eps)

    x = weights["model.embed_tokens.weight"][tokens] * (math.sqrt(hidden) if gemma else 1)
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        h = norm(x, f"{at}.input_layernorm")
        q, k, v = (linear(h, f"{at}.self_attn.{p}_proj") for p in "qkv")
        over_all = config["model_type"] == "olmoe"  # its norms are of all heads together, the others' of each
        if over_all:
            q, k = (norm(y, f"{at}.self_attn.{p}_norm") for y, p in ((q, "q"), (k, "k")))
        q, k, v = (y.clamp(-limit, limit).unflatten(-1, (-1, head)).transpose(0, 1) for y in (q, k, v))
        if f"{at}.self_attn.q_norm.weight" in weights and not over_all:
            q, k = (norm(y, f"{at}.self_attn.{p}_norm") for y, p in ((q, "q"), (k, "k")))
        by = turns(rope_of(config, layer), head, places, config["max_position_embeddings"])
        mixed = attention(turned(q, by), turned(k, by), v, places.seen(window_of(config, layer)), scale, cap)
        o = linear(mixed, f"{at}.self_attn.o_proj")
        x = x + (norm(o, f"{at}.post_attention_layernorm") if gemma else o)
        h = norm(x, f"{at}.pre_feedforward_layernorm" if gemma else f"{at}.post_attention_layernorm")
        o = mlp(config, weights, at, h, gelu_tanh if gemma else silu)
        x = x + (norm(o, f"{at}.post_feedforward_layernorm") if gemma else o)
    logits = norm(x, "model.norm") @ weights.get("lm_head.weight", weights["model.embed_tokens.weight"]).T
    return capped(logits, config.get("final_logit_softcapping"))
