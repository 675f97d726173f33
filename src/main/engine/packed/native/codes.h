// The writers of codes: each turns values into the codes and scales that bitsandbytes gives them.

#pragma once

#include <cstddef>
#include <cstdint>

namespace packed {

constexpr int kBlock = 64;
constexpr int kMidpoints = 15;

// One block of a table of 16 numbers: its largest magnitude, and for each value how many of the midpoints between neighbouring
// numbers lie below value · (1 / scale). Value j of the first half shares a byte with value j of the second, in the low four bits.
void write_table(const float* values, const float* midpoints, std::uint8_t* codes, float* scale);

// One row of signed numbers of 8 bits: the largest magnitude m of its values in float16, and round(value · (1 / m · 127)) of these,
// ties to even. A value beyond float16 makes m infinite.
void write_row(const float* values, std::size_t columns, std::int8_t* codes, float* largest);

// A packed matrix as its numbers are computed: value = scale · number (± minimum), rounded to float32 once.
struct Codes {
  const std::uint8_t* bytes;
  // By code: 16 numbers of codes that lie in half-64 order, or 256 of codes that are bytes.
  const float* numbers;
  bool nibbles;
  // One for each group of neighbouring values; no minima where none are added.
  const float* scales;
  const float* minima;
  std::size_t group;
};

// The sum of the squares of values begin to end, in float64 and in their order.
double sum_of_squares(const Codes& codes, std::size_t begin, std::size_t end);

// The same of bfloat16 numbers.
double sum_of_squares(const std::uint16_t* values, std::size_t count);

// The float32 values of bfloat16 numbers.
void widen(const std::uint16_t* values, std::size_t count, float* target);

}  // namespace packed
