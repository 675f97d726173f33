// Written from quantize_4bit and int8_vectorwise_quant of bitsandbytes' backends/default/ops.py; every operation is rounded to
// float32 in their order.

#include "codes.h"

#include <algorithm>
#include <cmath>

#include "half.h"

namespace packed {
namespace {

// The scale of a block of zeros counts as this.
constexpr float kLeastScale = 1e-38f;

// A float32 number of 1.5 · 2^23 has a unit of 1: adding it rounds to integers, ties to even, and leaves them in the last bits.
constexpr float kRounding = 12582912.0f;

// Magnitudes are ordered as their bits are, and the compiler takes several integers at once.
float largest_magnitude(const float* values, std::size_t count) {
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < count; i++) {
    largest = std::max(largest, native::bits_of(values[i]) & 0x7fffffff);
  }
  return native::of_bits(largest);
}

// The nearest float16 number, ties to even; infinity from 65,520 on. As native::half_bits has it, but without a branch, so that the
// compiler takes several values at once.
float in_half(float value) {
  const std::uint32_t bits = native::bits_of(value);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  const std::uint32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1)) & ~0x1fffu;
  // The last bits of 0.5 + x are multiples of 2^-24.
  const std::uint32_t subnormal = native::bits_of(native::of_bits(magnitude) + 0.5f - 0.5f);
  const std::uint32_t finite = magnitude < 0x38800000 ? subnormal : normal;
  const std::uint32_t nearest = finite < 0x47800000 ? finite : 0x7f800000;
  return native::of_bits((bits & 0x80000000) | nearest);
}

}  // namespace

void write_table(const float* values, const float* midpoints, std::uint8_t* codes, float* scale) {
  *scale = largest_magnitude(values, kBlock);
  const float inverse = 1.0f / std::max(*scale, kLeastScale);
  std::int32_t places[kBlock];
  for (int j = 0; j < kBlock; j++) {
    const float share = values[j] * inverse;
    std::int32_t place = 0;
    for (int m = 0; m < kMidpoints; m++) place += share > midpoints[m];
    places[j] = place;
  }
  for (int j = 0; j < kBlock / 2; j++) codes[j] = places[j] | places[j + kBlock / 2] << 4;
}

void write_row(const float* values, std::size_t columns, std::int8_t* codes, float* largest) {
  // Rounding to float16 keeps the order.
  const float most = in_half(largest_magnitude(values, columns));
  *largest = most;
  // PyTorch divides a number by a tensor so.
  const float per_unit = most == 0 ? 0 : 1.0f / most * 127.0f;
  for (std::size_t i = 0; i < columns; i++) {
    codes[i] = native::bits_of(in_half(values[i]) * per_unit + kRounding);
  }
}

void widen(const std::uint16_t* values, std::size_t count, float* target) {
  for (std::size_t i = 0; i < count; i++) {
    target[i] = native::of_bits(static_cast<std::uint32_t>(values[i]) << 16);
  }
}

double sum_of_squares(const std::uint16_t* values, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; i++) {
    const double value = native::of_bits(static_cast<std::uint32_t>(values[i]) << 16);
    sum += value * value;
  }
  return sum;
}

double sum_of_squares(const Codes& codes, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t i = begin; i < end;) {
    // As far as the scale stays the same, and of nibbles the half of a block.
    const std::size_t half = kBlock / 2;
    const std::size_t group = i / codes.group;
    std::size_t stop = std::min(end, (group + 1) * codes.group);
    if (codes.nibbles) stop = std::min(stop, (i / half + 1) * half);
    const std::uint8_t* bytes = codes.nibbles ? codes.bytes + i / kBlock * half + i % half : codes.bytes + i;
    const int shift = codes.nibbles && i % kBlock >= half ? 4 : 0;
    const int mask = codes.nibbles ? 15 : 255;
    const double scale = codes.scales[group];
    const double minimum = codes.minima ? codes.minima[group] : 0;
    for (; i < stop; i++, bytes++) {
      const double product = scale * codes.numbers[*bytes >> shift & mask];
      const double value = static_cast<float>(codes.minima ? product + minimum : product);
      sum += value * value;
    }
  }
  return sum;
}

}  // namespace packed
