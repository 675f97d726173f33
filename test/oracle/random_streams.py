"""The streams of random numbers of src/main/engine/random.ts, by the description there: xoshiro128** 1.1, seeded by a list of numbers."""

from collections.abc import Iterator

WORD = 0xFFFFFFFF


def rotated(x: int, k: int) -> int:
    return ((x << k) | (x >> (32 - k))) & WORD


def state_of(seeds: list[int]) -> list[int]:
    """Four words stirred out of the seeds with MurmurHash3's 32-bit finaliser, each seed as its low and its high part."""
    value = 0x9E3779B9

    def stir(word: int) -> int:
        nonlocal value
        value = ((value ^ (word & WORD)) * 0x85EBCA6B) & WORD
        value = ((value ^ (value >> 13)) * 0xC2B2AE35) & WORD
        value = ((value ^ (value >> 16)) + 0x9E3779B9) & WORD
        return value

    for seed in seeds:
        stir(seed)
        stir(seed >> 32)
    return [stir(1), stir(2), stir(3), stir(4) or 1]


def words(seeds: list[int]) -> Iterator[int]:
    """Integers in [0, 2^32)."""
    s0, s1, s2, s3 = state_of(seeds)
    while True:
        yield (rotated((s1 * 5) & WORD, 7) * 9) & WORD
        t = (s1 << 9) & WORD
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = rotated(s3, 11)
