"""Adapters of one base as one, by the definitions: whole matrices in float64, and nothing of PEFT's code."""

import json
import math
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from random_streams import words

PREFIX = "base_model.model."
DARE_STREAM = 0x64617265  # "dare"

Matrices = dict[str, np.ndarray]


@dataclass
class Options:
    kind: str
    rank: int | None = None
    density: float | None = None
    seed: int | None = None


def scaling(config: dict, path: str, rank: int) -> float:
    """alpha / r, or alpha / √r; the first pattern that fits the end of the path says alpha."""
    alphas = (value for key, value in config["alpha_pattern"].items() if re.match(rf"(.*\.)?({key})$", path))
    alpha = next(alphas, config["lora_alpha"])
    return alpha / (math.sqrt(rank) if config["use_rslora"] else rank)


def changes(folder: Path, base: Matrices) -> dict[str, tuple[np.ndarray, int]]:
    """ΔW [out, in] and the rank of each module of a saved adapter. DoRA: m / ‖W + ΔW‖ ⊙ (W + ΔW) − W, row by row."""
    config = json.loads((folder / "adapter_config.json").read_text())
    tensors = {key: value.astype(np.float64) for key, value in load_file(folder / "adapter_model.safetensors").items()}
    found = {}
    for key, a in tensors.items():
        if not key.endswith(".lora_A.weight"):
            continue
        full = key.removesuffix(".lora_A.weight")
        path, rank = full.removeprefix(PREFIX), a.shape[0]
        change = scaling(config, path, rank) * tensors[f"{full}.lora_B.weight"] @ a
        if config["use_dora"]:
            weight = base[f"{path}.weight"].astype(np.float64)
            lengths = np.linalg.norm(weight + change, axis=1)
            change = (tensors[f"{full}.lora_magnitude_vector"] / lengths)[:, None] * (weight + change) - weight
        found[path] = (change, rank)
    return found


def largest(x: np.ndarray, density: float) -> np.ndarray:
    """All but int(density · count) numbers set to 0, the largest by magnitude kept."""
    kept = np.zeros(x.size, bool)
    kept[np.argsort(-np.abs(x).ravel(), kind="stable")[: int(density * x.size)]] = True
    return np.where(kept.reshape(x.shape), x, 0.0)


def dare_mask(shape: tuple[int, int], density: float, seed: int, part: int, path: str) -> np.ndarray:
    stream = words([seed, DARE_STREAM, part, *map(ord, path)])
    return np.array([word < density * 2**32 for word in islice(stream, shape[0] * shape[1])]).reshape(shape)


def disjoint(parts: list[np.ndarray], weights: list[float]) -> np.ndarray:
    """TIES: of what has the sign of the unweighted sum the weighted mean."""
    sign = np.where(sum(parts) >= 0, 1.0, -1.0)
    agree = [np.sign(x) == sign for x in parts]
    total = sum(w * x * a for w, x, a in zip(weights, parts, agree))
    return total / np.maximum(sum(a.astype(float) for a in agree), 1.0)


def merged(parts: list[np.ndarray], weights: list[float], numbers: list[int], options: Options, path: str) -> np.ndarray:
    """The matrix that is brought to a rank; `numbers` says which of the adapters each part is."""
    kind = options.kind
    if kind in ("ties", "magnitude"):
        parts = [largest(x, options.density) for x in parts]
    if kind.startswith("dare"):
        masks = [dare_mask(x.shape, options.density, options.seed, number, path) for x, number in zip(parts, numbers)]
        parts = [x * mask / options.density for x, mask in zip(parts, masks)]
    if kind in ("ties", "dare-ties"):
        return disjoint(parts, weights)
    return sum(w * x for w, x in zip(weights, parts))


def compose(adapters: list[Path], weights: list[float], options: Options, base: Matrices) -> dict[str, dict]:
    """By module: "target" Σ wᵢ·ΔWᵢ, "composed", the "rank" of that, and the "ranks" of the adapters added up."""
    read = [changes(folder, base) for folder in adapters]
    result = {}
    for path in sorted({path for each in read for path in each}):
        have = [i for i, each in enumerate(read) if path in each]
        parts, ranks = [read[i][path][0] for i in have], [read[i][path][1] for i in have]
        own = [weights[i] for i in have]
        target = sum(w * x for w, x in zip(own, parts))
        rank = options.rank or max(ranks)
        if options.kind == "exact":
            composed, rank = target, sum(ranks)
        else:
            u, s, v = np.linalg.svd(merged(parts, own, have, options, path), full_matrices=False)
            composed = (u[:, :rank] * s[:rank]) @ v[:rank]
        rank = min(rank, int(np.linalg.matrix_rank(composed)))
        result[path] = {"target": target, "composed": composed, "rank": rank, "ranks": sum(ranks)}
    return result


def relative_error(modules: list[dict]) -> float:
    error = sum(np.sum((each["composed"] - each["target"]) ** 2) for each in modules)
    return float(np.sqrt(error / sum(np.sum(each["target"] ** 2) for each in modules)))
