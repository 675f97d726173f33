"""How llama.cpp's converter writes each architecture down: its key-values, and how it rearranges numbers.

After its `conversion` folder of 2026. An architecture is the `general.architecture` of a file; names of tensors and of
configuration values are Hugging Face's.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from gguf import GGUFWriter, RopeScalingType

# GPT-2 has names of its own for what all others call alike.
GPT2_NAMES = {
    "max_position_embeddings": "n_positions", "hidden_size": "n_embd", "num_hidden_layers": "n_layer",
    "num_attention_heads": "n_head",
}


def size(config: dict, name: str) -> int:
    """A size by the name that most families have for it."""
    return config[name if name in config else GPT2_NAMES[name]]


def write_sizes(writer: GGUFWriter, config: dict, inner: int) -> None:
    writer.add_context_length(size(config, "max_position_embeddings"))
    writer.add_embedding_length(size(config, "hidden_size"))
    writer.add_block_count(size(config, "num_hidden_layers"))
    writer.add_feed_forward_length(inner)
    writer.add_head_count(size(config, "num_attention_heads"))


def write_decoder_sizes(writer: GGUFWriter, config: dict) -> None:
    """Of families in LLaMA's shape. A head size of hidden / heads is not in the configuration, and not written."""
    write_sizes(writer, config, config["intermediate_size"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    if config.get("head_dim") is not None:
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    if (experts := config.get("num_local_experts", config.get("num_experts"))) is not None:
        writer.add_expert_count(experts)
        writer.add_expert_used_count(config["num_experts_per_tok"])


def rotated(config: dict) -> int:
    """How many values of a head are rotated, where that is not all of them."""
    head = config["hidden_size"] // config["num_attention_heads"]
    return int(config["rope_parameters"]["partial_rotary_factor"] * head)


def write_llama(writer: GGUFWriter, config: dict) -> None:
    write_decoder_sizes(writer, config)
    writer.add_rope_dimension_count(config["head_dim"] or config["hidden_size"] // config["num_attention_heads"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])


def write_qwen(writer: GGUFWriter, config: dict) -> None:
    write_decoder_sizes(writer, config)
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])


def write_qwen_moe(writer: GGUFWriter, config: dict) -> None:
    """Whether the weights of the experts are made to add up to 1 is not in the file, nor a layer without experts."""
    assert not config["mlp_only_layers"] and config["decoder_sparse_step"] == 1
    write_qwen(writer, config)
    writer.add_expert_feed_forward_length(config["moe_intermediate_size"])
    if "shared_expert_intermediate_size" in config:
        writer.add_expert_shared_feed_forward_length(config["shared_expert_intermediate_size"])


def write_olmoe(writer: GGUFWriter, config: dict) -> None:
    """Where q, k and v are cut off is not in the file."""
    assert config["clip_qkv"] is None
    write_qwen(writer, config)


def write_gemma2(writer: GGUFWriter, config: dict) -> None:
    """Theta (10,000) and the scale of the scores (the head size) are not in the file."""
    write_decoder_sizes(writer, config)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_attn_logit_softcapping(config["attn_logit_softcapping"])
    writer.add_final_logit_softcapping(config["final_logit_softcapping"])
    writer.add_sliding_window(config["sliding_window"])


def write_gemma3(writer: GGUFWriter, config: dict) -> None:
    """Neither the scale of the scores (the head size) nor the order of the layers (every sixth sees all) is in the file."""
    write_decoder_sizes(writer, config)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    full, windowed = (config["rope_parameters"][kind] for kind in ("full_attention", "sliding_attention"))
    if full["rope_type"] == "linear":
        writer.add_rope_scaling_type(RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(full["factor"])
    writer.add_rope_freq_base(full["rope_theta"])
    writer.add_rope_freq_base_swa(windowed["rope_theta"])
    writer.add_sliding_window(config["sliding_window"])


def write_phi3(writer: GGUFWriter, config: dict) -> None:
    """Of longrope the factor of cos and sin is a key-value; those of the frequencies are tensors."""
    rope, original = config["rope_parameters"], config["original_max_position_embeddings"]
    write_decoder_sizes(writer, config)
    writer.add_rope_scaling_orig_ctx_len(original)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(rotated(config))
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_sliding_window(config["sliding_window"] or 0)
    if rope["rope_type"] == "longrope":
        longer = config["max_position_embeddings"] / original
        writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(longer) / math.log(original)))


def write_gpt2(writer: GGUFWriter, config: dict) -> None:
    write_sizes(writer, config, 4 * config["n_embd"])
    writer.add_layer_norm_eps(config["layer_norm_epsilon"])


def write_gpt_neox(writer: GGUFWriter, config: dict) -> None:
    """Theta (10,000) is not in the file."""
    write_sizes(writer, config, config["intermediate_size"])
    writer.add_rope_dimension_count(rotated(config))
    writer.add_parallel_residual(config["use_parallel_residual"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])


WRITERS: dict[str, Callable[[GGUFWriter, dict], None]] = {
    "llama": write_llama, "qwen2": write_qwen, "qwen3": write_qwen, "gemma2": write_gemma2, "gemma3": write_gemma3,
    "phi3": write_phi3, "gpt2": write_gpt2, "gptneox": write_gpt_neox, "qwen2moe": write_qwen_moe, "qwen3moe": write_qwen_moe,
    "olmoe": write_olmoe,
}


@dataclass(frozen=True)
class Layout:
    """How a weight's numbers stand in the file, and back."""

    stored: Callable[[np.ndarray], np.ndarray]
    restored: Callable[[np.ndarray], np.ndarray]


AS_IT_IS = Layout(lambda weight: weight, lambda stored: stored)
# The file has the factors themselves, Hugging Face what is added to 1.
FACTORS = Layout(lambda weight: weight + np.float32(1), lambda stored: stored - np.float32(1))
TRANSPOSED = Layout(lambda weight: np.ascontiguousarray(weight.T), lambda stored: np.ascontiguousarray(stored.T))


def permuted(heads: int) -> Layout:
    """Rows of q and k: pairs that are rotated together stand side by side (LlamaModel.permute of the converter)."""

    def swapped(weight: np.ndarray, pairs: tuple[int, int]) -> np.ndarray:
        return weight.reshape(heads, *pairs, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)

    return Layout(
        lambda weight: swapped(weight, (2, weight.shape[0] // heads // 2)),
        lambda stored: swapped(stored, (stored.shape[0] // heads // 2, 2)),
    )


def grouped(heads: int) -> Layout:
    """Rows of a fused q, k, v: Hugging Face has the three of each head together, the file all of q, then k, then v."""

    def swapped(weight: np.ndarray, parts: tuple[int, int]) -> np.ndarray:
        return weight.reshape(*parts, weight.shape[0] // heads // 3, *weight.shape[1:]).swapaxes(0, 1).reshape(weight.shape)

    return Layout(lambda weight: swapped(weight, (heads, 3)), lambda stored: swapped(stored, (3, heads)))


def layout(architecture: str, config: dict, name: str) -> Layout:
    """Of the tensor that Hugging Face calls `name`."""
    module, _, kind = name.rpartition(".")
    module = module.rpartition(".")[2]
    if architecture == "llama" and module in ("q_proj", "k_proj"):
        return permuted(config["num_attention_heads" if module == "q_proj" else "num_key_value_heads"])
    if architecture in ("gemma2", "gemma3") and module.endswith("norm"):
        return FACTORS
    if architecture == "gpt2" and kind == "weight" and module in ("c_attn", "c_fc", "c_proj"):
        return TRANSPOSED
    if architecture == "gptneox" and module == "query_key_value":
        return grouped(config["num_attention_heads"])
    return AS_IT_IS


def stacks(names: Iterable[str]) -> dict[str, list[str]]:
    """The tensors of a file, each with the weights that it holds: a module of all experts of a layer is one tensor."""
    together: dict[str, list[str]] = {}
    for name in names:
        together.setdefault(re.sub(r"\.experts\.\d+\.", ".experts.", name), []).append(name)
    return {name: sorted(parts, key=lambda part: [int(n) for n in re.findall(r"\d+", part)]) for name, parts in together.items()}


def rope_factors(config: dict) -> dict[str, np.ndarray]:
    """Tensors with the factors of longrope. [rotated / 2]"""
    rope = config.get("rope_parameters", {})
    if rope.get("rope_type") != "longrope":
        return {}
    return {
        f"rope_factors_{side}.weight": np.array(rope[f"{side}_factor"], dtype=np.float32) for side in ("long", "short")
    }
