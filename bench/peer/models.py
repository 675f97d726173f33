"""Models as a person who fine-tunes with PEFT loads them."""

import os
from contextlib import AbstractContextManager, nullcontext

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, PreTrainedModel
from transformers.utils import logging

logging.disable_progress_bar()

# "cpu" or "cuda"
DEVICE = os.environ["LORIKEET_BENCH_DEVICE"]
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "autocast": torch.bfloat16}


def load_base(path: str, precision: str) -> PreTrainedModel:
    """The base model in `precision`, sdpa attention."""
    model = AutoModelForCausalLM.from_pretrained(path, dtype=DTYPES[precision], attn_implementation="sdpa")
    return model.to(DEVICE)


def attach(base: PreTrainedModel, adapter: str, trainable: bool) -> PeftModel:
    """The base with an adapter from files; A and B are float32 (PEFT's default)."""
    return PeftModel.from_pretrained(base, adapter, is_trainable=trainable)


def computing(precision: str) -> AbstractContextManager:
    """The context that a forward pass runs in."""
    return torch.autocast(DEVICE, torch.bfloat16) if precision == "autocast" else nullcontext()
