// Q6_K, written from the algorithms of quantize_row_q6_K_ref and make_qx_quants in ggml-quants.c.

#include <cmath>
#include <cstdint>
#include <cstring>

#include "blocks.h"
#include "lanes.h"
#include "scale.h"

namespace ggml {
namespace {

constexpr int kGroup = 16;
constexpr int kGroups = 16;
constexpr int kBytes = 210;

// Levels are −kHalf … kHalf − 1, and stored with kHalf added.
constexpr int kHalf = 32;

// Below this a number counts as 0.
constexpr float kAlmostZero = 1e-15f;

// Levels and scales of four groups: x ≈ scale · level.
struct Scales {
  Floats scale;
  Ints levels[kGroup];
};

// Grids of several widths are tried, the plain one first; for the levels of each the scale is that of least squares with
// weights x².
Scales fit_scales(const Floats* x) {
  Floats farthest = {};
  for (int i = 0; i < kGroup; i++) {
    farthest = magnitude(x[i]) > magnitude(farthest) ? x[i] : farthest;
  }
  Scales scales = {};
  Floats best = {};
  const auto attempt = [&](int change, bool plain) {
    const Floats per_unit = -(kHalf + 0.1f * change) / farthest;
    Ints levels[kGroup];
    Floats sum_xl = {};
    Floats sum_ll = {};
    for (int i = 0; i < kGroup; i++) {
      levels[i] = clamped(nearest(per_unit * x[i]), -kHalf, kHalf - 1);
      const Floats level = to_floats(levels[i]);
      const Floats weight = x[i] * x[i];
      sum_xl += weight * x[i] * level;
      sum_ll += weight * level * level;
    }
    const Ints better = plain ? Ints{} - 1 : (sum_ll > 0.0f) & (sum_xl * sum_xl > best * sum_ll);
    if (!any(better)) return;
    const Floats scale = sum_ll == 0.0f ? Floats{} : sum_xl / sum_ll;
    for (int i = 0; i < kGroup; i++) scales.levels[i] = better ? levels[i] : scales.levels[i];
    scales.scale = better ? scale : scales.scale;
    best = better ? scale * sum_xl : best;
  };
  attempt(0, true);
  for (int change = -9; change <= 9; change++) {
    if (change != 0) attempt(change, false);
  }
  const Ints nothing = magnitude(farthest) < kAlmostZero;
  scales.scale = nothing ? Floats{} : scales.scale;
  for (Ints& level : scales.levels) level = nothing ? Ints{} - kHalf : level;
  return scales;
}

// 128 bytes of low nibbles and 64 of high pairs, by halves of 128 values: four runs of 32 share the bytes of a half.
void set_six_bits(const std::uint8_t* levels, std::uint8_t* block) {
  for (int half = 0; half < 2; half++, levels += 128) {
    std::uint8_t* low = block + half * 64;
    std::uint8_t* high = block + 128 + half * 32;
    for (int j = 0; j < 32; j++) {
      const int a = levels[j], b = levels[j + 32], c = levels[j + 64], d = levels[j + 96];
      low[j] = (a & 15) | (c & 15) << 4;
      low[j + 32] = (b & 15) | (d & 15) << 4;
      high[j] = a >> 4 | b >> 4 << 2 | c >> 4 << 4 | d >> 4 << 6;
    }
  }
}

}  // namespace

int write_q6_k(const float* values, std::uint8_t* block) {
  constexpr int kParts = kGroups / kLanes;
  Floats x[kParts][kGroup];
  Scales found[kParts];
  float farthest = 0;
  for (int part = 0; part < kParts; part++) {
    set_lanes(values + part * kLanes * kGroup, kGroup, x[part]);
    found[part] = fit_scales(x[part]);
    for (int lane = 0; lane < kLanes; lane++) {
      const float scale = found[part].scale[lane];
      if (std::fabs(scale) > std::fabs(farthest)) farthest = scale;
    }
  }
  if (std::fabs(farthest) < kAlmostZero) {
    std::memset(block, 0, kBytes);
    return 0;
  }

  // The scale that is farthest from 0 becomes −128.
  const float per_scale = -128.0f / farthest;
  const Scale d = set_scale(block + 208, 1 / per_scale);
  std::uint8_t levels[kGroups * kGroup];
  for (int part = 0; part < kParts; part++) {
    const Ints shares = nearest(per_scale * found[part].scale);
    const Ints scale = shares > 127 ? Ints{} + 127 : shares;
    const Floats step = d.value * to_floats(scale);
    for (int lane = 0; lane < kLanes; lane++) block[192 + part * kLanes + lane] = scale[lane];
    for (int i = 0; i < kGroup; i++) {
      // Where the scale is rounded to 0, the levels stay those of the search.
      const Ints rounded = clamped(nearest(x[part][i] / step), -kHalf, kHalf - 1);
      const Ints level = step == 0.0f ? found[part].levels[i] : rounded;
      for (int lane = 0; lane < kLanes; lane++) levels[(part * kLanes + lane) * kGroup + i] = level[lane] + kHalf;
    }
  }
  set_six_bits(levels, block);
  return d.overflows;
}

}  // namespace ggml
