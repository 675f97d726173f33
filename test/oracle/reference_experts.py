"""What stands in a layer's place for the MLP: gated once, or some experts of many for each token."""

import torch

MODULES = ("gate_proj", "up_proj", "down_proj")


def gated(x: torch.Tensor, gate: torch.Tensor, up: torch.Tensor, down: torch.Tensor, activation) -> torch.Tensor:
    return (activation(x @ gate.T) * (x @ up.T)) @ down.T


def silu(x: torch.Tensor) -> torch.Tensor:
    return x * x.sigmoid()


def is_normed(config: dict) -> bool:
    """Whether the weights of the experts that a token goes to are made to add up to 1."""
    return config["model_type"] == "mixtral" or config["norm_topk_prob"]


def mixture(config: dict, weights: dict[str, torch.Tensor], at: str, x: torch.Tensor) -> torch.Tensor:
    """Of layer `at`, for x [T, D]. All experts are computed for all tokens; those not chosen count 0 times."""
    block, names = ("block_sparse_moe", ("w1", "w3", "w2")) if config["model_type"] == "mixtral" else ("mlp", MODULES)
    probabilities = (x @ weights[f"{at}.{block}.gate.weight"].T).softmax(-1)
    kept = probabilities.sort(-1, descending=True).values[:, config["num_experts_per_tok"] - 1 :][:, :1]
    shares = probabilities * (probabilities >= kept)
    if is_normed(config):
        shares = shares / shares.sum(-1, keepdim=True)
    y = torch.zeros_like(x)
    for expert, share in enumerate(shares.T):
        matrices = (weights[f"{at}.{block}.experts.{expert}.{name}.weight"] for name in names)
        y = y + share[:, None] * gated(x, *matrices, silu)
    if f"{at}.mlp.shared_expert_gate.weight" in weights:
        shared = gated(x, *(weights[f"{at}.mlp.shared_expert.{name}.weight"] for name in MODULES), silu)
        y = y + (x @ weights[f"{at}.mlp.shared_expert_gate.weight"].T).sigmoid() * shared
    return y


def mlp(config: dict, weights: dict[str, torch.Tensor], at: str, x: torch.Tensor, activation) -> torch.Tensor:
    """Of layer `at`, whichever it has."""
    if f"{at}.mlp.gate_proj.weight" not in weights:
        return mixture(config, weights, at, x)
    return gated(x, *(weights[f"{at}.mlp.{name}.weight"] for name in MODULES), activation)
