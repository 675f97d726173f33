"""What the bodies of reference.py are put together from: norms, rotary positions and attention, in plain tensors."""

import math
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Places:
    """Where the tokens of a block stand: their positions, and for each query the keys of its own sequence. [T], [T, T]"""

    positions: torch.Tensor
    together: torch.Tensor

    def seen(self, width: float = math.inf) -> torch.Tensor:
        """Keys that each query sees: none that come later, and `width` of them, itself included. [T, T]"""
        distance = self.positions[:, None] - self.positions
        return self.together & (distance >= 0) & (distance < width)


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    return x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt() * weight


def layer_norm(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, eps: float) -> torch.Tensor:
    centred = x - x.mean(-1, keepdim=True)
    return rms_norm(centred, weight, eps) + bias


def gelu_tanh(x: torch.Tensor) -> torch.Tensor:
    return x / 2 * (1 + (math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)).tanh())


def gelu_erf(x: torch.Tensor) -> torch.Tensor:
    return x / 2 * (1 + (x / math.sqrt(2)).erf())


def capped(x: torch.Tensor, cap: float | None) -> torch.Tensor:
    return x if cap is None else cap * (x / cap).tanh()


def frequencies(rope: dict, rotated: int, length: int) -> torch.Tensor:
    """Turns of one position, in radians, of a block whose sequences have up to `length` tokens. [rotated / 2]"""
    plain = rope["rope_theta"] ** (-torch.arange(0, rotated, 2, dtype=torch.float64) / rotated)
    match rope["rope_type"]:
        case "default":
            return plain
        case "linear":
            return plain / rope["factor"]
        case "longrope":
            side = "long_factor" if length > rope["original_max_position_embeddings"] else "short_factor"
            return plain / torch.tensor(rope[side], dtype=torch.float64)
        case "llama3":
            # Waves longer than the old context are stretched by the factor, short ones not; between them the share falls
            # evenly with the number of waves in the old context.
            waves = rope["original_max_position_embeddings"] * plain / (2 * math.pi)
            low, high = rope["low_freq_factor"], rope["high_freq_factor"]
            share = ((waves - low) / (high - low)).clamp(0, 1)
            return plain * (share + (1 - share) / rope["factor"])
    raise AssertionError(rope)


def turns(rope: dict, head: int, places: Places, longest: int) -> torch.Tensor:
    """Complex numbers that the rotated pairs of a head are multiplied by. [T, rotated / 2]"""
    rotated = int(head * rope.get("partial_rotary_factor", 1))
    angles = places.positions[:, None] * frequencies(rope, rotated, int(places.positions.max()) + 1)
    size = 1.0
    if rope["rope_type"] == "longrope":
        original = rope["original_max_position_embeddings"]
        size = math.sqrt(1 + math.log(longest / original) / math.log(original))
    return torch.polar(torch.full_like(angles, size), angles)


def turned(x: torch.Tensor, by: torch.Tensor) -> torch.Tensor:
    """x [heads, T, d] with value i and value i + rotated / 2 as the parts of a complex number; the others stay."""
    half = by.shape[-1]
    y = torch.complex(x[..., :half], x[..., half : 2 * half]) * by
    return torch.cat([y.real, y.imag, x[..., 2 * half :]], -1)


def attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, seen: torch.Tensor, scale: float, cap: float | None = None
) -> torch.Tensor:
    """q [H, T, d] and k, v [K, T, d], H / K queries for each key, to [T, H d]."""
    k, v = (y.repeat_interleave(q.shape[0] // k.shape[0], 0) for y in (k, v))
    scores = capped(q @ k.mT * scale, cap).masked_fill(~seen, -math.inf)
    return (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)
