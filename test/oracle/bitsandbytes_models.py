"""Tiny models quantised by bitsandbytes, as transformers loads them from a folder of this repository."""

import copy
from pathlib import Path

import bitsandbytes as bnb
import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, PreTrainedModel

from provenance import FIXTURES

# name -> (the model that is quantised, the type of its other weights, options of BitsAndBytesConfig). Between them: both tables,
# both ways to hold scales, codes that lie under another type, and matrices that plain files hold the other way round.
QUANTISED: dict[str, tuple[str, torch.dtype, dict]] = {
    "tiny-tied-nf4": ("tiny-tied", torch.float32, dict(load_in_4bit=True, bnb_4bit_quant_type="nf4")),
    "tiny-tied-nf4-double": (
        "tiny-tied", torch.bfloat16,
        dict(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_quant_storage="bfloat16", bnb_4bit_compute_dtype="bfloat16",
        ),
    ),
    "tiny-tied-fp4": ("tiny-tied", torch.float16, dict(load_in_4bit=True)),
    "tiny-tied-int8": ("tiny-tied", torch.float16, dict(load_in_8bit=True)),
    # With modules named, only these stay as they are: the output is quantised.
    "tiny-untied-nf4": (
        "tiny-untied", torch.float32,
        dict(load_in_4bit=True, bnb_4bit_quant_type="nf4", llm_int8_skip_modules=["o_proj"]),
    ),
    "tiny-gpt2-nf4": ("tiny-gpt2", torch.float32, dict(load_in_4bit=True, bnb_4bit_quant_type="nf4")),
    "tiny-gpt2-int8": ("tiny-gpt2", torch.float32, dict(load_in_8bit=True)),
}


def quantise(name: str) -> PreTrainedModel:
    """The model called `name`, quantised while it is loaded."""
    base, dtype, options = QUANTISED[name]
    return AutoModelForCausalLM.from_pretrained(
        FIXTURES / "models" / base, dtype=dtype, quantization_config=BitsAndBytesConfig(**options)
    )


def load_in_float32(folder: Path) -> PreTrainedModel:
    """
    The quantised model of a folder, computing in float32 whatever its types. It is in training mode, in which bitsandbytes multiplies
    with dequantised weights on a processor: otherwise it may round activations to 8 or 16 bits.
    """
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager")
    codes = {id(module.weight) for module in quantised_modules(model).values()}
    for parameter in model.parameters():
        if id(parameter) not in codes:
            parameter.data = parameter.data.float()
    for module in quantised_modules(model).values():
        if isinstance(module, bnb.nn.Linear4bit):
            module.compute_dtype = torch.float32
            module.compute_type_is_set = True
            module.support_avx512bf16_for_cpu = False
    return model.train()


def weight_of(module: torch.nn.Module) -> torch.Tensor:
    """The values [out, in] that a quantised layer multiplies with in training, where it computes in float32."""
    if isinstance(module, bnb.nn.Linear4bit):
        state = copy.copy(module.weight.quant_state)
        state.dtype = torch.float32
        return bnb.functional.dequantize_4bit(module.weight.data, state)
    with torch.no_grad():
        bias, module.bias = module.bias, None
        values = module(torch.eye(module.in_features)).T.contiguous()
        module.bias = bias
    return values


def quantised_modules(model: torch.nn.Module) -> dict[str, torch.nn.Module]:
    """All layers of bitsandbytes by their paths."""
    kinds = (bnb.nn.Linear4bit, bnb.nn.Linear8bitLt)
    return {name: module for name, module in model.named_modules() if isinstance(module, kinds)}
