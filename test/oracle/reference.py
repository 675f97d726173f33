"""The models of every family once more, in plain tensors and float64, formula by formula, without transformers' code."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from reference_decoders import decoder
from reference_gpt import gpt2, gpt_neox
from reference_kit import Places

BODIES = {"gpt2": gpt2, "gpt_neox": gpt_neox}


def read_model(folder: Path) -> tuple[dict, dict[str, torch.Tensor]]:
    """config.json, and the weights in float64."""
    config = json.loads((folder / "config.json").read_text())
    return config, {key: value.double() for path in folder.glob("*.safetensors") for key, value in load_file(path).items()}


def logits_of(config: dict, weights: dict[str, torch.Tensor], tokens: list[int], positions=None, segments=None) -> torch.Tensor:
    """[T, V] in float64. Of a packed block a token sees its own segment only, and windows count by positions."""
    parts = torch.zeros(len(tokens)) if segments is None else torch.tensor(segments)
    places = Places(
        torch.arange(len(tokens)) if positions is None else torch.tensor(positions), parts[:, None] == parts
    )
    return BODIES.get(config["model_type"], decoder)(config, weights, tokens, places)
