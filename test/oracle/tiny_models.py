"""Tiny models with seeded random weights, small enough to commit and odd enough to find mistakes."""

import math

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

VOCAB = 288
THETA = {"rope_type": "default", "rope_theta": 10000.0}

# name -> (seed, model_type, configuration). Together, LLaMA's: grouped, full and single key/value heads; a head size that is
# not hidden / heads; tied and untied output; a plain and a rescaled RoPE; unusual theta and epsilon. Of the other families
# each has what sets it apart from LLaMA; windows are shorter than the sequences, and than some of the packed ones.
CONFIGS: dict[str, tuple[int, str, dict]] = {
    "tiny-tied": (
        11, "llama",
        dict(
            hidden_size=64, intermediate_size=160, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-5,
            rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
        ),
    ),
    "tiny-untied": (
        12, "llama",
        dict(
            hidden_size=32, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=4, head_dim=16, tie_word_embeddings=False, rms_norm_eps=1e-6,
            rope_parameters=THETA,
        ),
    ),
    "tiny-llama3-rope": (
        13, "llama",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, tie_word_embeddings=True, rms_norm_eps=1e-5,
            rope_parameters={
                "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
            },
        ),
    ),
    "tiny-qwen2": (
        68, "qwen2",
        dict(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
        ),
    ),
    "tiny-qwen2-window": (  # layer 0 sees everything, layer 1 the window
        66, "qwen2",
        dict(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, tie_word_embeddings=False, rms_norm_eps=1e-6, rope_parameters=THETA,
            use_sliding_window=True, sliding_window=8, max_window_layers=1,
        ),
    ),
    "tiny-qwen3": (  # 4 heads of 16 out of 32: q_proj is [64, 32]
        63, "qwen3",
        dict(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=16, tie_word_embeddings=True, rms_norm_eps=1e-6,
            rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
        ),
    ),
    "tiny-mistral": (
        75, "mistral",
        dict(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=16, tie_word_embeddings=False, rms_norm_eps=1e-5,
            rope_parameters=THETA, sliding_window=8,
        ),
    ),
    "tiny-mistral-full": (  # no window, as Mistral's models have none from version 0.2 on
        50, "mistral",
        dict(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=1, tie_word_embeddings=False, rms_norm_eps=1e-5,
            rope_parameters=THETA, sliding_window=None,
        ),
    ),
}


def build(name: str) -> PreTrainedModel:
    """The model called `name`, in float32, eager attention, its weights drawn from its own seed."""
    seed, model_type, options = CONFIGS[name]
    config = AutoConfig.for_model(
        model_type, vocab_size=VOCAB, max_position_embeddings=512, bos_token_id=1, eos_token_id=2, pad_token_id=2, **options
    )
    return draw(config, seed)


def draw(config, seed: int) -> PreTrainedModel:
    """A model of this configuration in float32, eager attention, all its weights random."""
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "norm" in key:  # RMSNorm weights away from 1, so that a forgotten one shows
                parameter.uniform_(0.5, 1.5, generator=generator)
            elif key.endswith(".bias"):  # away from 0, for the same reason
                parameter.normal_(0, 0.3, generator=generator)
            elif "embed_tokens" in key or "lm_head" in key:
                parameter.normal_(0, 0.3, generator=generator)
            else:  # [out, in]: keeps the size of the activations
                parameter.normal_(0, 1.2 / math.sqrt(parameter.shape[1]), generator=generator)
    return model.eval()


def freeze(model: torch.nn.Module) -> torch.nn.Module:
    """The model with no parameter that asks for a gradient."""
    return model.requires_grad_(False)
