"""Classifiers once more: the bodies of BERT, RoBERTa and DistilBERT, and the heads, DistilBERT's, the decoders' and theirs."""

import torch

from reference_decoders import decoder
from reference_kit import Places, attention, gelu_erf, layer_norm

# The modules of a layer: q, k, v, the attention's output, its norm, both halves of the MLP, its norm.
BERT_LAYER = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm",
)
DISTILBERT_LAYER = (
    "attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm", "ffn.lin1", "ffn.lin2",
    "output_layer_norm",
)


def linear(weights: dict[str, torch.Tensor], path: str, x: torch.Tensor) -> torch.Tensor:
    return x @ weights[f"{path}.weight"].T + weights[f"{path}.bias"]


def encoder(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], types: list[int]) -> torch.Tensor:
    """Every token sees every other, and norms follow what they are of. [T, D]"""
    family = config["model_type"]
    distil = family == "distilbert"
    heads, layers = (config[key] for key in (("n_heads", "n_layers") if distil else ("num_attention_heads", "num_hidden_layers")))
    eps = config.get("layer_norm_eps", 1e-12)

    def norm(x: torch.Tensor, path: str) -> torch.Tensor:
        return layer_norm(x, weights[f"{path}.weight"], weights[f"{path}.bias"], eps)

    first = config["pad_token_id"] + 1 if family == "roberta" else 0
    at = f"{family}.embeddings"
    x = weights[f"{at}.word_embeddings.weight"][tokens]
    x = x + weights[f"{at}.position_embeddings.weight"][first : first + len(tokens)]
    if not distil:
        x = x + weights[f"{at}.token_type_embeddings.weight"][types]
    x = norm(x, f"{at}.LayerNorm")
    everything = torch.ones(len(tokens), len(tokens), dtype=torch.bool)
    for layer in range(layers):
        at = f"{family}.transformer.layer.{layer}" if distil else f"{family}.encoder.layer.{layer}"
        *qkv, out, first_norm, up, down, second_norm = (f"{at}.{name}" for name in (DISTILBERT_LAYER if distil else BERT_LAYER))
        q, k, v = (linear(weights, path, x).unflatten(-1, (heads, -1)).transpose(0, 1) for path in qkv)
        mixed = attention(q, k, v, everything, q.shape[-1] ** -0.5)
        x = norm(x + linear(weights, out, mixed), first_norm)
        x = norm(x + linear(weights, down, gelu_erf(linear(weights, up, x))), second_norm)
    return x


def classified(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], types: list[int]) -> torch.Tensor:
    """Of one sequence: encoders' heads read its first token, decoders' its last. [labels]"""
    family = config["model_type"]
    if family not in ("bert", "roberta", "distilbert"):
        places = Places(torch.arange(len(tokens)), torch.ones(len(tokens), len(tokens), dtype=torch.bool))
        return decoder(config, {**weights, "lm_head.weight": weights["score.weight"]}, tokens, places)[-1]
    x = encoder(config, weights, tokens, types)[0]
    match family:
        case "bert":
            return linear(weights, "classifier", linear(weights, "bert.pooler.dense", x).tanh())
        case "roberta":
            return linear(weights, "classifier.out_proj", linear(weights, "classifier.dense", x).tanh())
        case _:
            return linear(weights, "classifier", linear(weights, "pre_classifier", x).relu())
