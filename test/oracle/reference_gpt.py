"""The bodies of GPT-2 and GPT-NeoX, with LayerNorm and biases everywhere."""

import torch

from reference_kit import Places, attention, gelu_erf, gelu_tanh, layer_norm, turned, turns


def gpt2(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], places: Places) -> torch.Tensor:
    """Learned positions, weights as [in, out], the output tied. [T, V]"""
    head = config["n_embd"] // config["n_head"]

    def linear(x: torch.Tensor, path: str) -> torch.Tensor:
        return x @ weights[f"{path}.weight"] + weights[f"{path}.bias"]

    def norm(x: torch.Tensor, path: str) -> torch.Tensor:
        return layer_norm(x, weights[f"{path}.weight"], weights[f"{path}.bias"], config["layer_norm_epsilon"])

    x = weights["transformer.wte.weight"][tokens] + weights["transformer.wpe.weight"][places.positions]
    for layer in range(config["n_layer"]):
        at = f"transformer.h.{layer}"
        qkv = linear(norm(x, f"{at}.ln_1"), f"{at}.attn.c_attn")
        q, k, v = (y.unflatten(-1, (-1, head)).transpose(0, 1) for y in qkv.chunk(3, -1))
        x = x + linear(attention(q, k, v, places.seen(), head**-0.5), f"{at}.attn.c_proj")
        x = x + linear(gelu_tanh(linear(norm(x, f"{at}.ln_2"), f"{at}.mlp.c_fc")), f"{at}.mlp.c_proj")
    return norm(x, "transformer.ln_f") @ weights["transformer.wte.weight"].T


def gpt_neox(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], places: Places) -> torch.Tensor:
    """Rows of q, k and v head by head; attention and MLP side by side, where not told otherwise. [T, V]"""
    heads = config["num_attention_heads"]
    head = config["hidden_size"] // heads
    by = turns(config["rope_parameters"], head, places, config["max_position_embeddings"])

    def linear(x: torch.Tensor, path: str) -> torch.Tensor:
        return x @ weights[f"{path}.weight"].T + weights[f"{path}.bias"]

    def norm(x: torch.Tensor, path: str) -> torch.Tensor:
        return layer_norm(x, weights[f"{path}.weight"], weights[f"{path}.bias"], config["layer_norm_eps"])

    x = weights["gpt_neox.embed_in.weight"][tokens]
    for layer in range(config["num_hidden_layers"]):
        at = f"gpt_neox.layers.{layer}"
        qkv = linear(norm(x, f"{at}.input_layernorm"), f"{at}.attention.query_key_value")
        q, k, v = qkv.unflatten(-1, (heads, 3, head)).permute(2, 1, 0, 3)
        mixed = attention(turned(q, by), turned(k, by), v, places.seen(), head**-0.5)
        attended = x + linear(mixed, f"{at}.attention.dense")
        h = norm(x if config["use_parallel_residual"] else attended, f"{at}.post_attention_layernorm")
        x = attended + linear(gelu_erf(linear(h, f"{at}.mlp.dense_h_to_4h")), f"{at}.mlp.dense_4h_to_h")
    return norm(x, "gpt_neox.final_layer_norm") @ weights["embed_out.weight"].T
