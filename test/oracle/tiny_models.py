"""Tiny LLaMA models with seeded random weights, small enough to commit and odd enough to find mistakes."""

import math

import torch
from transformers import LlamaConfig, LlamaForCausalLM

VOCAB = 288

# name -> (seed, configuration). Together: grouped, full and single key/value heads; a head size that is
# not hidden / heads; tied and untied output; a plain and a rescaled RoPE; unusual theta and epsilon.
CONFIGS: dict[str, tuple[int, dict]] = {
    "tiny-tied": (
        11,
        dict(
            hidden_size=64, intermediate_size=160, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-5,
            rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
        ),
    ),
    "tiny-untied": (
        12,
        dict(
            hidden_size=32, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=4, head_dim=16, tie_word_embeddings=False, rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        ),
    ),
    "tiny-llama3-rope": (
        13,
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, tie_word_embeddings=True, rms_norm_eps=1e-5,
            rope_parameters={
                "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
            },
        ),
    ),
}


def build(name: str) -> LlamaForCausalLM:
    """The model called `name`, in float32, eager attention, its weights drawn from its own seed."""
    seed, options = CONFIGS[name]
    config = LlamaConfig(
        vocab_size=VOCAB, max_position_embeddings=512, bos_token_id=1, eos_token_id=2, pad_token_id=2,
        attn_implementation="eager", **options,
    )
    model = LlamaForCausalLM(config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "norm" in key:  # RMSNorm weights away from 1, so that a forgotten one shows
                parameter.uniform_(0.5, 1.5, generator=generator)
            elif "embed_tokens" in key or "lm_head" in key:
                parameter.normal_(0, 0.3, generator=generator)
            else:  # [out, in]: keeps the size of the activations
                parameter.normal_(0, 1.2 / math.sqrt(parameter.shape[1]), generator=generator)
    return model.eval()


def freeze(model: torch.nn.Module) -> torch.nn.Module:
    """The model with no parameter that asks for a gradient."""
    return model.requires_grad_(False)
