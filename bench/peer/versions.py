"""Versions, for the record."""

import platform
from importlib.metadata import version

import torch

from models import DEVICE


def versions() -> dict[str, str]:
    """By the names that a person reads."""
    return {
        "PyTorch's device": torch.cuda.get_device_name() if DEVICE == "cuda" else "processor",
        "Python": platform.python_version(),
        "PyTorch": f"{torch.__version__}, {torch.get_num_threads()} threads",
        "transformers": version("transformers"),
        "PEFT": version("peft"),
    }
