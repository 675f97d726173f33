"""Loads what Lorikeet wrote into PEFT and transformers, and compares logits with Lorikeet's own.

python check_adapter.py LOGITS --tokens 1,2,3 --model DIR [--adapter DIR]

LOGITS is the file of `lorikeet logits` for the same model, adapter and tokens. Exits with 1 where the
largest difference is over --tolerance of the largest logit.
"""

import argparse
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("logits")
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--adapter")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()

    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    if options.adapter is not None:
        model = PeftModel.from_pretrained(model, options.adapter)
    tokens = torch.tensor([[int(token) for token in options.tokens.split(",")]])
    with torch.no_grad():
        expected = model(input_ids=tokens, use_cache=False).logits
    found = load_file(options.logits)["logits"]
    difference = float((found - expected).abs().max() / expected.abs().max())
    print(f"largest difference / largest logit: {difference:.3g}")
    return 0 if difference <= options.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
