"""Writes test/fixtures/gguf: quantised blocks with gguf-py's values for them, and tiny models as GGUF."""

import hashlib
import json
import math

import numpy as np
from gguf import MODEL_ARCH_NAMES, GGMLQuantizationType, GGUFReader, GGUFWriter, TensorNameMap, TokenType, get_tensor_name_map
from gguf.quants import dequantize, quant_shape_to_byte_shape, quantize
from safetensors.numpy import load_file, save_file

from families import FAMILIES
from gguf_layouts import WRITERS, layout, rope_factors, size, stacks
from provenance import FIXTURES, write_json, write_provenance

SEED = 31
FOLDER = FIXTURES / "gguf"
# In float32, so that such a file must give the logits of its model, expected/NAME.
PLAIN = (
    "tiny-qwen2", "tiny-qwen3", "tiny-mistral-full", "tiny-gemma2-plain", "tiny-gemma3-linear", "tiny-phi3",
    "tiny-phi3-longrope", "tiny-gpt2", "tiny-gpt-neox", "tiny-qwen2-moe-sparse", "tiny-qwen3-moe", "tiny-mixtral",
    "tiny-olmoe-plain",
)
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
    architecture = FAMILIES[config["model_type"]].gguf
    names = name_map(architecture, size(config, "num_hidden_layers"))
    writer = GGUFWriter(FOLDER / f"{output}.gguf", architecture)
    WRITERS[architecture](writer, config)
    add_tokenizer(writer, source)
    expected = {}
    matrices = 0
    for name, parts in stacks(weights).items():
        weight = weights[name] if parts == [name] else np.stack([weights[part] for part in parts])
        kind = "F32"
        if weight.ndim > 1:
            kind = kinds[matrices % len(kinds)]
            matrices += 1
        qtype = GGMLQuantizationType[kind]
        order = layout(architecture, config, name)
        stored = quantize(order.stored(weight), qtype)
        writer.add_tensor(names.get_name(name, (".weight", ".bias")), stored, raw_dtype=qtype)
        values = order.restored(dequantize(stored, qtype).astype(np.float32))
        assert values.shape == weight.shape, name
        for part, each in zip(parts, [values] if parts == [name] else values):
            expected[part] = {
                "storedAs": kind, "shape": list(each.shape), "sha256": hashlib.sha256(each.tobytes()).hexdigest(),
                "first": [float(value) for value in each.ravel()[:4]],
            }
    extra = rope_factors(config)
    if rope_factor is not None:
        extra["rope_freqs.weight"] = llama3_factors(config, rope_factor)
    for name, values in extra.items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    write_json(FOLDER / f"{output}.expected.json", expected)
    read_again(output, architecture, config, expected, set(extra))


def read_again(output: str, architecture: str, config: dict, expected: dict, extra: set[str]) -> None:
    """Reads the file with gguf-py and checks that each expected weight is in it, bit for bit."""
    names = name_map(architecture, size(config, "num_hidden_layers"))
    tensors = {tensor.name: tensor for tensor in GGUFReader(FOLDER / f"{output}.gguf").tensors}
    for name, parts in stacks(expected).items():
        tensor = tensors.pop(names.get_name(name, (".weight", ".bias")))
        stored = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        values = layout(architecture, config, name).restored(stored)
        for part, each in zip(parts, [values] if parts == [name] else values, strict=True):
            entry = expected[part]
            assert list(each.shape) == entry["shape"], part
            assert tensor.tensor_type.name == entry["storedAs"], part
            assert hashlib.sha256(each.tobytes()).hexdigest() == entry["sha256"], part
    assert set(tensors) == extra, f"{output}.gguf has tensors that no weight belongs to: {set(tensors)}"


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
    for name in PLAIN:
        write_model(name, name, ["F32"])
    write_provenance(
        FOLDER,
        "blocks.safetensors: random blocks of each type and gguf-py's values for them. NAME.gguf: the fixture model NAME "
        "as llama.cpp's converter writes it (tiny-llama3-rope with LLaMA 3's own constants and factor 32), families other "
        "than LLaMA in float32; NAME.expected.json: sha256 of each weight's float32 bytes after gguf-py's quantising and "
        "dequantising, in the order and by the name of Hugging Face's file.",
        SEED,
    )


if __name__ == "__main__":
    main()
