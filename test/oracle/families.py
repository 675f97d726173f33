"""The families of models that the oracle knows, by transformers' `model_type`: all that its scripts must be told of each."""

from dataclasses import dataclass

import chat_templates


@dataclass(frozen=True)
class Family:
    """How one family is called and written down."""

    title: str
    chat_template: str
    # `general.architecture` of its GGUF files, and whether llama.cpp's converter reorders the rows of q and k.
    gguf: str
    permuted: bool


FAMILIES: dict[str, Family] = {
    "llama": Family("LLaMA", chat_templates.CHATML, gguf="llama", permuted=True),
    "qwen2": Family("Qwen2", chat_templates.QWEN2, gguf="qwen2", permuted=False),
    "qwen3": Family("Qwen3", chat_templates.QWEN3, gguf="qwen3", permuted=False),
    "mistral": Family("Mistral", chat_templates.MISTRAL, gguf="llama", permuted=True),
}
