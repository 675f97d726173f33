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

}  // namespace packed
