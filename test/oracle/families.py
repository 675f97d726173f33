"""The families of models that the oracle knows, by transformers' `model_type`: all that its scripts must be told of each."""

from dataclasses import dataclass

import chat_templates


@dataclass(frozen=True)
class Family:
    """How one family is called and written down."""

    title: str
    chat_template: str
    # `general.architecture` of its GGUF files; what llama.cpp's converter does to them is in gguf_layouts.py.
    gguf: str
    # The linear modules of a layer, from the layer's input to its output.
    linear: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    # One of them with its path: in fixtures of merged models its weight is what is compared.
    shown: str = "model.layers.1.self_attn.k_proj"
    # Whether the files have these weights as [in, out].
    fan_in_fan_out: bool = False
    # Of mixtures of experts: an expert's gate, up and down by the names that files have for them, and where in a layer they are.
    experts: tuple[str, ...] = ()
    block: str = "mlp"


FUSED = ("qkv_proj", "o_proj", "gate_up_proj", "down_proj")
CONV1D = ("c_attn", "c_fc", "c_proj")  # `c_proj` is two modules of a layer: of the attention and of the MLP
ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")  # all that is linear beside experts, which are parameters
EXPERT = ("gate_proj", "up_proj", "down_proj")
NEOX = ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h")

FAMILIES: dict[str, Family] = {
    "llama": Family("LLaMA", chat_templates.CHATML, gguf="llama"),
    "qwen2": Family("Qwen2", chat_templates.QWEN2, gguf="qwen2"),
    "qwen3": Family("Qwen3", chat_templates.QWEN3, gguf="qwen3"),
    "mistral": Family("Mistral", chat_templates.MISTRAL, gguf="llama"),
    "gemma2": Family("Gemma 2", chat_templates.GEMMA2, gguf="gemma2"),
    "gemma3_text": Family("Gemma 3", chat_templates.GEMMA3, gguf="gemma3"),
    "phi3": Family("Phi-3", chat_templates.PHI3, gguf="phi3", linear=FUSED, shown="model.layers.1.self_attn.qkv_proj"),
    "gpt2": Family(
        "GPT-2", chat_templates.PLAIN, gguf="gpt2", linear=CONV1D, shown="transformer.h.1.attn.c_attn", fan_in_fan_out=True,
    ),
    "gpt_neox": Family(
        "GPT-NeoX", chat_templates.PLAIN, gguf="gptneox", linear=NEOX, shown="gpt_neox.layers.1.attention.query_key_value",
    ),
    # The shared expert and the layers without experts have linear modules, too.
    "qwen2_moe": Family("Qwen2 MoE", chat_templates.QWEN2, gguf="qwen2moe", experts=EXPERT),
    "qwen3_moe": Family("Qwen3 MoE", chat_templates.QWEN3, gguf="qwen3moe", linear=ATTENTION, experts=EXPERT),
    "mixtral": Family(
        "Mixtral", chat_templates.MISTRAL, gguf="llama", linear=ATTENTION, experts=("w1", "w3", "w2"), block="block_sparse_moe",
    ),
    "olmoe": Family("OLMoE", chat_templates.OLMOE, gguf="olmoe", linear=ATTENTION, experts=EXPERT),
}
