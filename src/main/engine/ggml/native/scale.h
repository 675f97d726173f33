// The float16 scales of blocks.

#pragma once

#include <cstdint>

#include "half.h"

namespace ggml {

using native::bits_of;
using native::half_bits;
using native::of_bits;
using native::of_half_bits;

// A scale as it was written: what a block's values are rounded to, and whether it is beyond float16.
struct Scale {
  float value;
  int overflows;
};

inline Scale set_scale(std::uint8_t* target, float value) {
  const std::uint16_t half = half_bits(value);
  target[0] = half & 0xff;
  target[1] = half >> 8;
  return {of_half_bits(half), (half & 0x7c00) == 0x7c00};
}

}  // namespace ggml
