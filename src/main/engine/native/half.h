// float16 numbers and the bits of float32 ones.

#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace native {

inline std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float of_bits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The bits of the nearest float16 number, ties to even; infinity from 65,520 on.
inline std::uint16_t half_bits(float value) {
  const std::uint32_t bits = bits_of(value);
  const std::uint32_t sign = bits >> 16 & 0x8000;
  const std::uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Moving the exponent's bias from 127 to 15 and rounding away 13 bits is one addition.
    return sign | (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
  }
  // Subnormal: the last bits of 0.5 + x are multiples of 2^-24.
  return sign | (bits_of(of_bits(magnitude) + 0.5f) - 0x3f000000);
}

inline float of_half_bits(std::uint16_t half) {
  const float sign = half & 0x8000 ? -1.0f : 1.0f;
  const std::uint32_t magnitude = half & 0x7fff;
  if (magnitude < 0x400) return sign * static_cast<float>(magnitude) * 0x1p-24f;
  const std::uint32_t bias = magnitude < 0x7c00 ? 0x38000000 : 0x70000000;
  return sign * of_bits((magnitude << 13) + bias);
}

}  // namespace native
