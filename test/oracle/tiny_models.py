"""Tiny models with seeded random weights, small enough to commit and odd enough to find mistakes."""

import math

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel
from transformers.pytorch_utils import Conv1D

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
    "tiny-gemma2": (  # layers 0 and 2 see the window, layer 1 everything; caps near the scores and logits that there are
        186, "gemma2",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, head_dim=16, sliding_window=8, query_pre_attn_scalar=24,
            attn_logit_softcapping=2.0, final_logit_softcapping=3.0,
        ),
    ),
    "tiny-gemma2-plain": (  # what a GGUF file can say of Gemma 2: scores are scaled by the head size, and theta is 10,000
        152, "gemma2",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, head_dim=16, sliding_window=8, query_pre_attn_scalar=16,
            attn_logit_softcapping=2.0, final_logit_softcapping=3.0,
        ),
    ),
    "tiny-gemma3": (  # layers 0 to 4 see the window, layer 5 everything, with a theta of its own
        87, "gemma3_text",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=6, num_attention_heads=4,
            num_key_value_heads=1, head_dim=16, sliding_window=8, query_pre_attn_scalar=24,
            rope_parameters={
                "full_attention": {"rope_type": "default", "rope_theta": 1000000.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
            },
        ),
    ),
    "tiny-gemma3-linear": (  # scaled by the head size, for GGUF; positions of the full layer stretched as in the 4b and larger
        109, "gemma3_text",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=6, num_attention_heads=4,
            num_key_value_heads=1, head_dim=16, sliding_window=8, query_pre_attn_scalar=16,
            rope_parameters={
                "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000000.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
            },
        ),
    ),
    "tiny-phi3": (
        138, "phi3",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=4, tie_word_embeddings=False, sliding_window=8, original_max_position_embeddings=512,
            rope_parameters={**THETA, "partial_rotary_factor": 1.0},
        ),
    ),
    # 12 of 16 values of a head are rotated. Blocks to learn from are shorter than 64 tokens, the 80 of the logits are not.
    "tiny-phi3-longrope": (
        81, "phi3",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, tie_word_embeddings=True, original_max_position_embeddings=64,
            rope_parameters={
                "rope_type": "longrope", "rope_theta": 10000.0, "partial_rotary_factor": 0.75,
                "short_factor": [1.0, 1.05, 1.25, 1.5, 2.0, 2.25], "long_factor": [1.0, 1.5, 3.0, 5.5, 7.0, 9.5],
            },
        ),
    ),
    "tiny-gpt2": (
        112, "gpt2",
        dict(
            n_embd=32, n_layer=2, n_head=4, max_position_embeddings=96, layer_norm_epsilon=1e-5,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        ),
    ),
    "tiny-gpt-neox": (  # 4 of 16 values of a head are rotated
        98, "gpt_neox",
        dict(
            hidden_size=32, intermediate_size=80, num_hidden_layers=2, num_attention_heads=2,
            rope_parameters={**THETA, "partial_rotary_factor": 0.25},
        ),
    ),
    "tiny-gpt-neox-sequential": (
        130, "gpt_neox",
        dict(
            hidden_size=32, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4, use_parallel_residual=False,
            rope_parameters={**THETA, "partial_rotary_factor": 0.5},
        ),
    ),
    # Two of eight experts for each token, and in layer 1 none but one that all tokens take, as its models had it before. Layer 0
    # sees the window.
    "tiny-qwen2-moe": (
        271, "qwen2_moe",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
            moe_intermediate_size=24, shared_expert_intermediate_size=40, num_experts=8, num_experts_per_tok=2,
            mlp_only_layers=[1], rope_parameters=THETA, use_sliding_window=True, sliding_window=8, max_window_layers=2,
        ),
    ),
    "tiny-qwen2-moe-sparse": (  # what a GGUF file can say of Qwen2 MoE: experts in every layer
        1222, "qwen2_moe",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
            moe_intermediate_size=24, shared_expert_intermediate_size=40, num_experts=8, num_experts_per_tok=2,
            rope_parameters=THETA,
        ),
    ),
    "tiny-qwen3-moe": (
        589, "qwen3_moe",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
            moe_intermediate_size=24, num_experts=8, num_experts_per_tok=2, norm_topk_prob=True, rope_parameters=THETA,
        ),
    ),
    "tiny-qwen3-moe-step": (  # layers 1 and 3 have experts, whose weights do not add up to 1; a window in every layer
        1225, "qwen3_moe",
        dict(
            hidden_size=32, intermediate_size=48, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
            moe_intermediate_size=24, num_experts=8, num_experts_per_tok=2, norm_topk_prob=False, decoder_sparse_step=2,
            rope_parameters=THETA, use_sliding_window=True, sliding_window=8,
        ),
    ),
    "tiny-mixtral": (
        213, "mixtral",
        dict(
            hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
            num_local_experts=4, num_experts_per_tok=2, rope_parameters={"rope_type": "default", "rope_theta": 1000000.0},
        ),
    ),
    "tiny-olmoe": (  # a third of q, k and v is cut off
        470, "olmoe",
        dict(
            hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
            num_experts=8, num_experts_per_tok=2, clip_qkv=1.0, rope_parameters=THETA,
        ),
    ),
    "tiny-olmoe-plain": (  # what a GGUF file can say of OLMoE: nothing is cut off
        1233, "olmoe",
        dict(
            hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4,
            num_experts=8, num_experts_per_tok=2, rope_parameters=THETA,
        ),
    ),
}
# Read only: there is nothing to learn from them that another of their family does not show.
LOGITS_ONLY = (
    "tiny-gemma2-plain", "tiny-gemma3-linear", "tiny-gpt-neox-sequential", "tiny-qwen2-moe-sparse", "tiny-qwen3-moe-step",
    "tiny-olmoe-plain",
)


def build(name: str) -> PreTrainedModel:
    """The model called `name`, in float32, eager attention, its weights drawn from its own seed."""
    seed, model_type, options = CONFIGS[name]
    common = dict(vocab_size=VOCAB, max_position_embeddings=512, bos_token_id=1, eos_token_id=2, pad_token_id=2)
    return draw(AutoConfig.for_model(model_type, **{**common, **options}), seed)


def draw(config, seed: int, kind: type = AutoModelForCausalLM) -> PreTrainedModel:
    """A model of this configuration in float32, eager attention and experts, all its weights random."""
    model = kind.from_config(config, attn_implementation="eager", experts_implementation="eager")
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            module = model.get_submodule(key.rpartition(".")[0])
            if key.endswith(".bias"):  # away from 0, so that a forgotten one shows
                parameter.normal_(0, 0.3, generator=generator)
            elif "Norm" in type(module).__name__:  # away from where it starts, 1 or Gemma's 0, for the same reason
                start = float(parameter[0])
                parameter.uniform_(start - 0.5, start + 0.5, generator=generator)
            elif isinstance(module, torch.nn.Embedding) or module is model.get_output_embeddings():
                # Gemma's is scaled up when it is looked up, and not as the output.
                parameter.normal_(0, 0.3 / math.sqrt(getattr(module, "scalar_embed_scale", 1)), generator=generator)
            elif "Router" in type(module).__name__:  # wide enough that most tokens clearly prefer some experts
                parameter.normal_(0, 1.5 / math.sqrt(parameter.shape[1]), generator=generator)
            else:  # [out, in], of a Conv1D [in, out], of experts [E, out, in]: keeps the size of the activations
                inputs = parameter.shape[0 if isinstance(module, Conv1D) else -1]
                parameter.normal_(0, 1.2 / math.sqrt(inputs), generator=generator)
    return model.eval()


def freeze(model: torch.nn.Module) -> torch.nn.Module:
    """The model with no parameter that asks for a gradient."""
    return model.requires_grad_(False)
