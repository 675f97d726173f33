// Four float32 numbers side by side, as every processor of 64 bits computes with them, so that four groups of a block are
// searched at once: what a group adds up is added up in its own lane and in its own order, and every lane has the bits that
// plain float32 arithmetic gives.

#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace ggml {

constexpr int kLanes = 4;

typedef float Floats __attribute__((vector_size(4 * kLanes)));
// Also what comparisons give: −1 for true, 0 for false.
typedef std::int32_t Ints __attribute__((vector_size(4 * kLanes)));

// Value i of group g at [i][g], of groups of `size` values that follow each other.
inline void set_lanes(const float* values, int size, Floats* lanes) {
  for (int i = 0; i < size; i++) {
    for (int lane = 0; lane < kLanes; lane++) lanes[i][lane] = values[lane * size + i];
  }
}

inline Floats to_floats(const Ints& values) { return __builtin_convertvector(values, Floats); }

inline bool any(const Ints& truths) {
  std::int64_t halves[2];
  std::memcpy(halves, &truths, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

inline Floats magnitude(const Floats& values) { return values < 0.0f ? -values : values; }

inline Floats square_root(Floats values) {
  for (int lane = 0; lane < kLanes; lane++) values[lane] = std::sqrt(values[lane]);
  return values;
}

// A float32 number of 1.5 · 2^23 has a unit of 1: adding it rounds to integers, ties to even, and leaves them in the last 23
// bits. Beyond ±2^22 they are what these bits happen to be.
constexpr float kRounding = 12582912.0f;
constexpr std::int32_t kRoundedBits = 0x007fffff;
constexpr std::int32_t kRoundedZero = 0x00400000;

inline Ints nearest(const Floats& values) {
  const Floats sum = values + kRounding;
  return (reinterpret_cast<Ints>(sum) & kRoundedBits) - kRoundedZero;
}

inline std::int32_t nearest(float value) {
  const float sum = value + kRounding;
  std::int32_t bits;
  std::memcpy(&bits, &sum, sizeof bits);
  return (bits & kRoundedBits) - kRoundedZero;
}

// `values`, no less than `bottom` and no more than `top`.
inline Ints clamped(const Ints& values, std::int32_t bottom, std::int32_t top) {
  const Ints raised = values < bottom ? Ints{} + bottom : values;
  return raised > top ? Ints{} + top : raised;
}

}  // namespace ggml
