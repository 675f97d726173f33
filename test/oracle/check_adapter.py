"""Loads what Lorikeet wrote into PEFT and transformers, and compares logits with Lorikeet's own.

python check_adapter.py LOGITS --tokens 1,2,3 --model DIR [--adapter DIR]

LOGITS is the file of `lorikeet logits` for the same model, adapter and tokens. Exits with 1 where the
largest difference is over --tolerance of the largest logit.
"""

import argparse
import sys
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def logits_of(model: Path, adapter: Path | None, tokens: list[int]) -> torch.Tensor:
    """Float32 logits [1, T, V] of transformers, with PEFT's reading of the adapter."""
    loaded = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    if adapter is not None:
        loaded = PeftModel.from_pretrained(loaded, adapter)
    with torch.no_grad():
        return loaded.eval()(input_ids=torch.tensor([tokens]), use_cache=False).logits


def difference(found: Path, expected: torch.Tensor) -> float:
    """Largest difference of the logits in a file of `lorikeet logits`, over the largest logit."""
    return float((load_file(found)["logits"] - expected).abs().max() / expected.abs().max())


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("logits", type=Path)
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()

    tokens = [int(token) for token in options.tokens.split(",")]
    found = difference(options.logits, logits_of(options.model, options.adapter, tokens))
    print(f"largest difference / largest logit: {found:.3g}")
    return 0 if found <= options.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
