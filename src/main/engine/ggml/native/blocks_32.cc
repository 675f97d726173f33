// Q8_0, Q4_0, Q4_1, Q5_0 and Q5_1, written from the algorithms of quantize_row_q*_ref in ggml-quants.c.

#include <cmath>
#include <cstdint>
#include <cstring>

#include "blocks.h"
#include "scale.h"

namespace ggml {
namespace {

constexpr int kSize = 32;

float reciprocal(float d) { return d == 0 ? 0 : 1 / d; }

// The first of the values whose magnitude is largest.
float farthest(const float* values) {
  float found = 0;
  for (int j = 0; j < kSize; j++) {
    if (std::fabs(values[j]) > std::fabs(found)) found = values[j];
  }
  return found;
}

// The largest magnitude. Magnitudes are ordered as their bits are, and the compiler takes several integers at once.
float largest_magnitude(const float* values) {
  std::uint32_t largest = 0;
  for (int j = 0; j < kSize; j++) {
    const std::uint32_t magnitude = bits_of(values[j]) & 0x7fffffff;
    if (magnitude > largest) largest = magnitude;
  }
  return of_bits(largest);
}

// What a level is computed from: ⌊(value − minimum) · inverse + shift⌋, at most `top`.
struct Grid {
  float minimum;
  float inverse;
  float shift;
  int top;
  int overflows;
};

// Writes the scale that takes the value of largest magnitude to −`half`, the end with one level more.
Grid symmetric(const float* values, int half, std::uint8_t* target) {
  const float d = farthest(values) / -half;
  const Scale scale = set_scale(target, d);
  return {0, reciprocal(d), half + 0.5f, 2 * half - 1, scale.overflows};
}

// Writes the scale that takes the range of the values to 0 … `top`, and their minimum.
Grid affine(const float* values, int top, std::uint8_t* target) {
  float least = values[0];
  float most = values[0];
  for (int j = 1; j < kSize; j++) {
    if (values[j] < least) least = values[j];
    if (values[j] > most) most = values[j];
  }
  const float d = (most - least) / top;
  const Scale scale = set_scale(target, d);
  const Scale minimum = set_scale(target + 2, least);
  return {least, reciprocal(d), 0.5f, top, scale.overflows + minimum.overflows};
}

// Where a scale is too small to have a reciprocal, a product is infinite or NaN, and its level that of 0.
int level_of(float value, const Grid& grid) {
  const float place = (value - grid.minimum) * grid.inverse + grid.shift;
  const int level = std::fabs(place) < 0x1p31f ? static_cast<int>(place) : 0;
  return level < grid.top ? level : grid.top;
}

// Writes the 16 bytes of low nibbles; those of values 0–15 are the low halves. Returns the levels' fifth bits.
std::uint32_t set_levels(const float* values, const Grid& grid, std::uint8_t* target) {
  std::uint32_t high = 0;
  for (int j = 0; j < kSize / 2; j++) {
    const std::uint32_t low = level_of(values[j], grid);
    const std::uint32_t late = level_of(values[j + kSize / 2], grid);
    target[j] = (low & 15) | (late & 15) << 4;
    high |= (low >> 4 & 1) << j | (late >> 4 & 1) << (j + kSize / 2);
  }
  return high;
}

void set_word(std::uint8_t* target, std::uint32_t word) { std::memcpy(target, &word, sizeof word); }

}  // namespace

// The scale takes the largest magnitude to 127; values are rounded to nearest, ties away from 0. All are 0 where the scale is
// too small to have a reciprocal.
int write_q8_0(const float* values, std::uint8_t* block) {
  const float d = largest_magnitude(values) / 127;
  const float inverse = d > 0x1p-128f ? 1 / d : 0;
  const Scale scale = set_scale(block, d);
  for (int j = 0; j < kSize; j++) {
    const float place = values[j] * inverse;
    const int whole = static_cast<int>(place);
    const float rest = place - whole;
    block[2 + j] = whole + (rest >= 0.5f) - (rest <= -0.5f);
  }
  return scale.overflows;
}

int write_q4_0(const float* values, std::uint8_t* block) {
  const Grid grid = symmetric(values, 8, block);
  set_levels(values, grid, block + 2);
  return grid.overflows;
}

int write_q4_1(const float* values, std::uint8_t* block) {
  const Grid grid = affine(values, 15, block);
  set_levels(values, grid, block + 4);
  return grid.overflows;
}

int write_q5_0(const float* values, std::uint8_t* block) {
  const Grid grid = symmetric(values, 16, block);
  set_word(block + 2, set_levels(values, grid, block + 6));
  return grid.overflows;
}

int write_q5_1(const float* values, std::uint8_t* block) {
  const Grid grid = affine(values, 31, block);
  set_word(block + 4, set_levels(values, grid, block + 8));
  return grid.overflows;
}

}  // namespace ggml
