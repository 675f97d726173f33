"""Writes test/fixtures/packed: matrices with the codes, scales and values that bitsandbytes gives them on a processor."""

import bitsandbytes as bnb
import bitsandbytes.functional as F
import torch
from safetensors.torch import save_file

from provenance import FIXTURES, PACKAGES, write_provenance

SEED = 5


def odd_matrix() -> torch.Tensor:
    """[8, 128]: a row of zeros, both zeros, ties of NF4 and of int8, numbers beyond the ends of float32's and float16's normal ones."""
    nf4 = F.get_4bit_type("nf4", device="cpu")
    ties = torch.zeros(128)
    ties[0], ties[1:16] = 1, (nf4[:-1] + nf4[1:]) / 2
    ties[64], ties[65:80] = -1, torch.nextafter((nf4[:-1] + nf4[1:]) / 2, torch.tensor(2.0))
    halves = torch.zeros(128)
    halves[0], halves[1:100] = 127, torch.arange(99) - 49.5
    rows = [
        torch.zeros(128), ties, halves, torch.full((128,), -0.0), torch.full((128,), 1e-39),
        torch.arange(128) * 1e-40, torch.logspace(-12, 4, 128), -torch.logspace(-30, -8, 128),
    ]
    return torch.stack([row.float() for row in rows])


def double_quantised(scales: torch.Tensor) -> torch.Tensor:
    """The scales as 4-bit matrices have them with compress_statistics."""
    offset = scales.mean()
    held, state = F.quantize_blockwise(scales - offset, blocksize=256)
    return F.dequantize_blockwise(held, state) + offset


def int8_values(weight: bnb.nn.Int8Params) -> torch.Tensor:
    """What MatMul8bitFp multiplies with: x = identity."""
    state = bnb.MatmulLtState()
    state.CB, state.SCB, state.has_fp16_weights, state.is_training = weight.CB, weight.SCB, False, True
    return bnb.matmul(torch.eye(weight.shape[1]), weight, state=state).T.contiguous()


def main() -> None:
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(SEED)
    folder = FIXTURES / "packed"
    folder.mkdir(parents=True, exist_ok=True)
    # Blocks cross rows, and there are enough of them for two blocks of scales.
    matrices = {"drawn": torch.randn(200, 96, generator=generator) * 0.05, "odd": odd_matrix()}
    tensors = {}
    for name, matrix in matrices.items():
        codes, state = F.quantize_4bit(matrix, quant_type="nf4", blocksize=64)
        double_codes, double = F.quantize_4bit(matrix, quant_type="nf4", blocksize=64, compress_statistics=True)
        assert torch.equal(codes, double_codes)
        row = bnb.nn.Int8Params(matrix.clone(), requires_grad=False).to("cpu")
        tensors |= {
            name: matrix,
            f"{name}.nf4": codes, f"{name}.nf4.scales": state.absmax, f"{name}.nf4.values": F.dequantize_4bit(codes, state),
            f"{name}.double.values": F.dequantize_4bit(double_codes, double),
            f"{name}.int8": row.CB, f"{name}.int8.values": int8_values(row),
        }
    # So many that their sum is taken in several levels.
    for count in (1, 31, 700, 4099):
        scales = torch.rand(count, generator=generator) * 0.1 + 0.01
        tensors |= {f"scales.{count}": scales, f"scales.{count}.double": double_quantised(scales)}
    save_file({name: value.contiguous() for name, value in tensors.items()}, folder / "packed.safetensors", {"format": "pt"})

    # As files have them: other blocks, a last block that is cut off, codes under another type, weights that were in 16 bits.
    states = {
        "block32": (torch.randn(24, 32, generator=generator), dict(blocksize=32, quant_type="nf4")),
        "block256": (torch.randn(8, 96, generator=generator), dict(blocksize=256, quant_type="fp4", compress_statistics=True)),
        "cut": (torch.randn(5, 20, generator=generator), dict(blocksize=64, quant_type="nf4")),
        "stored": (torch.randn(8, 32, generator=generator).bfloat16(), dict(blocksize=64, quant_type="nf4", quant_storage=torch.float32)),
    }
    files = {}
    for name, (matrix, options) in states.items():
        codes, state = F.quantize_4bit(matrix, **options)
        files |= {f"{name}.weight": codes, **{f"{name}.weight.{key}": value for key, value in state.as_dict(packed=True).items()}}
        state.dtype = torch.float32
        files[f"{name}.values"] = F.dequantize_4bit(codes, state)
    save_file({name: value.contiguous() for name, value in files.items()}, folder / "states.safetensors", {"format": "pt"})
    write_provenance(
        folder,
        "packed.safetensors: matrices M with their NF4 codes (block 64, bitsandbytes' order), scales and values, the values with double "
        "quantisation, int8 codes and the values that bitsandbytes trains with; scales and what double quantisation makes of them, "
        "summed on one thread. states.safetensors: matrices as Linear4bit saves them, and their values in float32.",
        SEED, [*PACKAGES, "bitsandbytes"],
    )


if __name__ == "__main__":
    main()
