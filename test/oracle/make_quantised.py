"""Writes test/fixtures/gguf-quantised: values with llama.cpp's bytes for them in each type, and the types it gives tensors."""

import tempfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter
from safetensors.numpy import save_file

from ggml_library import quantize_file, quantized, release
from provenance import FIXTURES, write_json, write_provenance

SEED = 47
FOLDER = FIXTURES / "gguf-quantised"
COLUMNS = 256
KINDS = ("F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K")
FILE_TYPES = (
    "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K",
)
# Fixture models that differ in what their tensors are: experts (4, 8), q, k and v in one, positions, biases, a tied output.
MODELS = ("tiny-qwen3", "tiny-mixtral", "tiny-qwen2-moe-sparse", "tiny-gpt2", "tiny-phi3")


def rows() -> dict[str, np.ndarray]:
    """Rows of each kind, [n, 256] each."""
    generator = np.random.default_rng(SEED)

    def normal(count: int) -> np.ndarray:
        return generator.normal(0, 1, (count, COLUMNS))

    outlier = normal(4) * 0.02
    outlier[:, 77] = (1, -1, 50, -3000)
    around = generator.choice([-1.0, 1.0], (6, 1))
    return {
        "weights": normal(12) * 0.02,
        "heavy tails": generator.standard_t(2, (8, COLUMNS)) * 0.02,
        "scales": normal(8) * 10.0 ** np.array([-30, -20, -12, -7, -4, 0, 2, 4])[:, None],
        "zeros": np.array([0.0, -0.0])[:, None].repeat(COLUMNS, 1),
        "constant rows": np.array([0.37, -0.0021, 65504.0])[:, None].repeat(COLUMNS, 1),
        "constant groups": normal(4)[:, ::32].repeat(32, 1),
        "one sign": np.abs(normal(4)) * np.array([1, 1, -1, -1])[:, None],
        "almost constant": around + normal(6) * np.array([1e-7, 1e-7, 1e-6, 1e-6, 1e-3, 1e-3])[:, None],
        "outlier": outlier,
        "sparse": normal(4) * (generator.random((4, COLUMNS)) < 0.05),
        "uneven groups": normal(6) * (10.0 ** generator.integers(-6, 2, (6, 8))).repeat(32, 1),
        "ties": generator.integers(-17, 18, (4, COLUMNS)) / np.array([16.0, 32.0, 2.0, 254.0])[:, None],
        "subnormal": generator.integers(-(2**23), 2**23, (4, COLUMNS)) * 2.0**-149,
        "any size": normal(6) * 2.0 ** generator.integers(-140, 12, (6, COLUMNS)),
    }


def write_blocks() -> None:
    values = np.concatenate(list(rows().values())).astype(np.float32)
    tensors = {kind: quantized(values, kind) for kind in KINDS}
    save_file({"values": values, **tensors}, FOLDER / "blocks.safetensors", {"format": "np"})


def layer(number: int, whole: bool, fused: bool) -> dict[str, tuple[int, int]]:
    """Shapes [rows, columns] of a layer's tensors; of one that is not whole only those whose type depends on the layer."""
    names = {"attn_qkv" if fused else "attn_v": (2, 256), "ffn_down": (2, 512)}
    if whole:
        names |= {"attn_q": (2, 256), "attn_k": (2, 256), "attn_output": (2, 256), "ffn_gate": (2, 256), "ffn_up": (2, 256)}
    return {f"blk.{number}.{name}.weight": shape for name, shape in names.items()}


def write_made(path: Path, architecture: str, layers: int, heads: tuple[int, int], tied: bool, experts: int = 0) -> None:
    """A file with tensors of few rows: its types depend on names, the length of rows and the counts in its metadata."""
    writer = GGUFWriter(path, architecture)
    writer.add_block_count(layers)
    writer.add_context_length(64)
    writer.add_embedding_length(256)
    writer.add_feed_forward_length(512)
    writer.add_head_count(heads[0])
    writer.add_head_count_kv(heads[1])
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(256 // heads[0])
    writer.add_vocab_size(4)
    if experts > 0:
        writer.add_expert_count(experts)
        writer.add_expert_used_count(2)
    shapes = {"token_embd.weight": (4, 256), "output_norm.weight": (256,)}
    if not tied:
        shapes["output.weight"] = (4, 256)
    # Not in their order, which must not matter.
    for number in reversed(range(layers)):
        shapes |= layer(number, layers < 10, architecture == "phi3")
    for name, shape in shapes.items():
        writer.add_tensor(name, np.ones(shape, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def types(path: Path, scratch: Path) -> dict:
    """A file's tensors with their shapes, what is counted in it, and the type of each tensor by file type."""
    reader = GGUFReader(path)
    architecture = reader.get_field("general.architecture").contents()

    def count(key: str, otherwise: int | None = None) -> int:
        field = reader.get_field(f"{architecture}.{key}")
        return otherwise if field is None else field.contents()

    heads = count("attention.head_count")
    found = {
        "architecture": architecture, "layers": count("block_count"), "experts": count("expert_count", 0),
        "heads": heads, "keyValueHeads": count("attention.head_count_kv", heads),
        "tensors": {tensor.name: tensor.shape.tolist()[::-1] for tensor in reader.tensors},
        "types": {},
    }
    for file_type in FILE_TYPES:
        target = scratch / "quantised.gguf"
        quantize_file(path, target, file_type)
        written = {tensor.name: tensor.tensor_type.name for tensor in GGUFReader(target).tensors}
        found["types"][file_type] = [written[name] for name in found["tensors"]]
    return found


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_blocks()
    with tempfile.TemporaryDirectory() as scratch:
        result = {name: types(FIXTURES / "gguf" / f"{name}.gguf", Path(scratch)) for name in MODELS}
        made = Path(scratch) / "made.gguf"
        for name, parts in {
            "tied": ("llama", 6, (4, 2), True),
            "untied": ("qwen2", 6, (4, 4), False),
            "fused": ("phi3", 20, (4, 4), False),
            "eight experts": ("llama", 6, (4, 2), False, 8),
            "32 layers": ("llama", 32, (4, 4), False),
            "80 layers": ("llama", 80, (4, 4), False),
            "80 layers, shared keys": ("llama", 80, (4, 2), False),
            "80 layers of Qwen": ("qwen2", 80, (4, 2), False),
            "80 layers of Qwen, own keys": ("qwen3", 80, (4, 4), False),
        }.items():
            write_made(made, *parts)
            result[name] = types(made, Path(scratch))
    write_json(FOLDER / "types.json", result)
    write_provenance(
        FOLDER,
        f"By {release()}. blocks.safetensors: values, and their bytes in each type without an importance matrix; types.json: "
        "the type that llama_model_quantize gives each tensor of a file, by the file's type.",
        SEED,
        ["numpy", "gguf", "safetensors"],
    )


if __name__ == "__main__":
    main()
