// Q4_K and Q5_K, written from the algorithms of quantize_row_q4_K_ref and quantize_row_q5_K_ref in ggml-quants.c.

#include <algorithm>
#include <cstdint>

#include "blocks.h"
#include "fit_line.h"
#include "scale.h"

namespace ggml {
namespace {

constexpr int kGroups = 8;
constexpr int kParts = kGroups / kLanes;

constexpr LineSearch kSearchQ4 = {15, -1.0f, 21};
constexpr LineSearch kSearchQ5 = {31, -0.5f, 16};

// The levels of a block, value i of group g at [g][i], and how many of its two scales are not finite.
struct Rounded {
  std::uint8_t levels[kGroups][kLineGroup];
  int overflows;
};

// A share of 63 as it is stored; one that is negative wraps around in a byte before it is limited.
std::uint8_t six_bits(float share) {
  const std::uint8_t wrapped = nearest(share);
  return wrapped > 63 ? 63 : wrapped;
}

// Packs scale and minimum of group g into 12 bytes, whose earlier groups are written.
void set_six_bits(std::uint8_t* target, int g, std::uint8_t scale, std::uint8_t minimum) {
  if (g < 4) {
    target[g] = scale;
    target[g + 4] = minimum;
  } else {
    target[g + 4] = (scale & 15) | (minimum & 15) << 4;
    target[g - 4] |= scale >> 4 << 6;
    target[g] |= minimum >> 4 << 6;
  }
}

// Finds scale and minimum of each group, writes them (16 bytes), and rounds the values to levels of what was written.
Rounded set_groups(const float* values, const LineSearch& search, std::uint8_t* block) {
  Floats x[kParts][kLineGroup];
  Lines found[kParts];
  float most_scale = 0;
  float most_minimum = 0;
  for (int part = 0; part < kParts; part++) {
    set_lanes(values + part * kLanes * kLineGroup, kLineGroup, x[part]);
    found[part] = fit_lines(x[part], search);
    for (int lane = 0; lane < kLanes; lane++) {
      most_scale = std::max(most_scale, found[part].scale[lane]);
      most_minimum = std::max(most_minimum, found[part].minimum[lane]);
    }
  }

  const Scale d = set_scale(block, most_scale / 63);
  const Scale d_minimum = set_scale(block + 2, most_minimum / 63);
  const float per_scale = most_scale > 0 ? 63 / most_scale : 0;
  const float per_minimum = most_minimum > 0 ? 63 / most_minimum : 0;
  Rounded rounded = {{}, d.overflows + d_minimum.overflows};
  for (int part = 0; part < kParts; part++) {
    const int first = part * kLanes;
    Floats step;
    Floats minimum;
    for (int lane = 0; lane < kLanes; lane++) {
      const std::uint8_t scale = six_bits(per_scale * found[part].scale[lane]);
      const std::uint8_t offset = six_bits(per_minimum * found[part].minimum[lane]);
      set_six_bits(block + 4, first + lane, scale, offset);
      step[lane] = d.value * scale;
      minimum[lane] = d_minimum.value * offset;
    }
    for (int i = 0; i < kLineGroup; i++) {
      // Where the scale is rounded to 0, the levels stay those of the search.
      const Ints levels = clamped(nearest((x[part][i] + minimum) / step), 0, search.top);
      const Ints kept = step == 0.0f ? found[part].levels[i] : levels;
      for (int lane = 0; lane < kLanes; lane++) rounded.levels[first + lane][i] = kept[lane];
    }
  }
  return rounded;
}

// The low four bits of all levels: groups 2i and 2i+1 share 32 bytes.
void set_nibbles(const Rounded& rounded, std::uint8_t* target) {
  for (int g = 0; g < kGroups; g += 2, target += kLineGroup) {
    for (int i = 0; i < kLineGroup; i++) {
      target[i] = (rounded.levels[g][i] & 15) | (rounded.levels[g + 1][i] & 15) << 4;
    }
  }
}

}  // namespace

int write_q4_k(const float* values, std::uint8_t* block) {
  const Rounded rounded = set_groups(values, kSearchQ4, block);
  set_nibbles(rounded, block + 16);
  return rounded.overflows;
}

int write_q5_k(const float* values, std::uint8_t* block) {
  const Rounded rounded = set_groups(values, kSearchQ5, block);
  for (int i = 0; i < kLineGroup; i++) {
    std::uint8_t fifths = 0;
    for (int g = 0; g < kGroups; g++) fifths |= rounded.levels[g][i] >> 4 << g;
    block[16 + i] = fifths;
  }
  set_nibbles(rounded, block + 48);
  return rounded.overflows;
}

}  // namespace ggml
