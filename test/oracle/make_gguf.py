"""Writes test/fixtures/gguf: quantised blocks with gguf-py's values for them, and tiny models as GGUF."""

import hashlib
import json
import math

import numpy as np
from gguf import MODEL_ARCH_NAMES, GGMLQuantizationType, GGUFReader, GGUFWriter, TensorNameMap, TokenType, get_tensor_name_map
from gguf.quants import dequantize, quant_shape_to_byte_shape, quantize
from safetensors.numpy import load_file, save_file

from families import FAMILIES, Family
from provenance import FIXTURES, write_json, write_provenance

SEED = 31
FOLDER = FIXTURES / "gguf"
# Bytes at which a block has float16 numbers: they must be finite; all other bytes may be anything.
HALVES = {
    "F16": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "BF16": [],
}


def random_blocks(name: str, count: int, generator: np.random.Generator) -> np.ndarray:
    """[count, bytes of a block] of random bits, with finite scales of both signs, some of them subnormal or 0."""
    kind = GGMLQuantizationType[name]
    elements = 256 if name.endswith("_K") else 32
    width = quant_shape_to_byte_shape((elements,), kind)[0] if name not in ("F16", "BF16") else 2 * elements
    blocks = generator.integers(0, 256, (count, width), dtype=np.uint8)
    if name == "BF16":
        blocks.view(np.uint16)[:] = (generator.normal(0, 1, (count, elements)).astype(np.float32).view(np.uint32) >> 16)
    for at in HALVES[name]:
        size = elements if name == "F16" else 1
        scales = generator.normal(0, 0.02, (count, size)) * 10.0 ** generator.integers(-4, 3, (count, size))
        scales[0] = 0
        blocks[:, at : at + 2 * size] = scales.astype(np.float16).view(np.uint8).reshape(count, -1)
    return blocks


def write_blocks() -> None:
    generator = np.random.default_rng(SEED)
    tensors = {}
    for name in HALVES:
        blocks = random_blocks(name, 8 if name.endswith("_K") else 24, generator)
        tensors[f"{name}.bytes"] = blocks
        tensors[f"{name}.values"] = dequantize(blocks, GGMLQuantizationType[name]).astype(np.float32)
    save_file(tensors, FOLDER / "blocks.safetensors", {"format": "np"})


def permute(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q and k as llama.cpp's converter puts them (LlamaModel.permute)."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def restore(stored: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q and k as Hugging Face's files have them."""
    return stored.reshape(heads, stored.shape[0] // heads // 2, 2, *stored.shape[1:]).swapaxes(1, 2).reshape(stored.shape)


def name_map(architecture: str, layers: int) -> TensorNameMap:
    """Hugging Face's tensor names to those of GGUF, as gguf-py's converters look them up."""
    known = next(arch for arch, name in MODEL_ARCH_NAMES.items() if name == architecture)
    return get_tensor_name_map(known, layers)


def add_tokenizer(writer: GGUFWriter, source: str) -> None:
    """The tokenizer of a fixture model, as the converter writes it."""
    folder = FIXTURES / "models" / source
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    special = {token["id"] for token in tokenizer["added_tokens"]}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(vocabulary)
    writer.add_token_types([TokenType.CONTROL if i in special else TokenType.NORMAL for i in range(len(vocabulary))])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template((folder / "chat_template.jinja").read_text())


def write_model(source: str, output: str, kinds: list[str], rope_factor: float | None = None) -> None:
    """A fixture model as GGUF, its matrices in the types of `kinds` in turn, with the values a reader must find."""
    config = json.loads((FIXTURES / "models" / source / "config.json").read_text())
    weights = load_file(FIXTURES / "models" / source / "model.safetensors")
    family = FAMILIES[config["model_type"]]
    names = name_map(family.gguf, config["num_hidden_layers"])
    writer = GGUFWriter(FOLDER / f"{output}.gguf", family.gguf)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    if "head_dim" in config:  # else it is hidden / heads, and nothing of the kind is written
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    if family.gguf == "llama":
        writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    if family.gguf == "llama":
        writer.add_vocab_size(config["vocab_size"])
    add_tokenizer(writer, source)
    expected = {}
    matrices = 0
    for name, weight in weights.items():
        heads = permuted_heads(family, config, name)
        stored = weight if heads is None else permute(weight, heads)
        kind = "F32"
        if weight.ndim > 1:
            kind = kinds[matrices % len(kinds)]
            matrices += 1
        qtype = GGMLQuantizationType[kind]
        writer.add_tensor(names.get_name(name, (".weight", ".bias")), quantize(stored, qtype), raw_dtype=qtype)
        # Quantising works row by row, so it may as well be done in the order of the rows that a reader must restore.
        values = dequantize(quantize(weight, qtype), qtype).astype(np.float32).reshape(weight.shape)
        expected[name] = {
            "storedAs": kind, "shape": list(weight.shape), "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
            "first": [float(value) for value in values.ravel()[:4]],
        }
    if rope_factor is not None:
        writer.add_tensor("rope_freqs.weight", llama3_factors(config, rope_factor))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    write_json(FOLDER / f"{output}.expected.json", expected)
    read_again(output, family, config, expected)


def permuted_heads(family: Family, config: dict, name: str) -> int | None:
    """How many heads the rows of a tensor belong to, where the family's files have them in another order."""
    if not family.permuted:
        return None
    return {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}.get(name.split(".")[-2])


def read_again(output: str, family: Family, config: dict, expected: dict) -> None:
    """Reads the file with gguf-py and checks that each expected weight is in it, bit for bit."""
    names = name_map(family.gguf, config["num_hidden_layers"])
    tensors = {tensor.name: tensor for tensor in GGUFReader(FOLDER / f"{output}.gguf").tensors}
    for name, entry in expected.items():
        tensor = tensors.pop(names.get_name(name, (".weight", ".bias")))
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(entry["shape"])
        heads = permuted_heads(family, config, name)
        values = np.ascontiguousarray(values if heads is None else restore(values, heads))
        assert tensor.tensor_type.name == entry["storedAs"], name
        assert hashlib.sha256(values.tobytes()).hexdigest() == entry["sha256"], name
    assert set(tensors) <= {"rope_freqs.weight"}, f"{output}.gguf has tensors that no weight belongs to: {set(tensors)}"


def llama3_factors(config: dict, factor: float) -> np.ndarray:
    """As LlamaModel.generate_extra_tensors of the converter, with LLaMA 3's own constants. [head_dim / 2]"""
    low, high, old = 1.0, 4.0, 8192
    factors = []
    for i in range(0, config["head_dim"], 2):
        wavelength = 2 * math.pi * config["rope_parameters"]["rope_theta"] ** (i / config["head_dim"])
        if wavelength < old / high:
            factors.append(1.0)
        elif wavelength > old / low:
            factors.append(factor)
        else:
            smooth = (old / wavelength - low) / (high - low)
            factors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(factors, dtype=np.float32)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_blocks()
    write_model("tiny-untied", "tiny-untied", ["Q8_0", "Q4_1", "Q5_0", "F16", "Q4_0", "BF16", "Q5_1", "F32"])
    write_model("tiny-llama3-rope", "tiny-llama3-rope", ["F16"], 32.0)
    # In float32, so that such a file must give the logits of its model, expected/NAME.
    for name in ("tiny-qwen2", "tiny-qwen3", "tiny-mistral-full"):
        write_model(name, name, ["F32"])
    write_provenance(
        FOLDER,
        "blocks.safetensors: random blocks of each type and gguf-py's values for them. NAME.gguf: the fixture model NAME "
        "as llama.cpp's converter writes it, LLaMA's and Mistral's with rows of q and k permuted (tiny-llama3-rope with "
        "LLaMA 3's own constants and factor 32), the other families in float32; "
        "NAME.expected.json: sha256 of each weight's float32 bytes after gguf-py's quantising and dequantising.",
        SEED,
    )


if __name__ == "__main__":
    main()
