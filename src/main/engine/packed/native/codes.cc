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

float in_half(float value) { return native::of_half_bits(native::half_bits(value)); }

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

}  // namespace packed
