// The search for scale and minimum of four groups of 32 values at once.

#pragma once

#include "lanes.h"

namespace ggml {

constexpr int kLineGroup = 32;

// Levels are 0 … top; try t divides a group's range into top + first + t/10 steps.
struct LineSearch {
  int top;
  float first;
  int tries;
};

// x ≈ scale · level − minimum, a group in each lane; the minimum is never negative.
struct Lines {
  Floats scale;
  Floats minimum;
  Ints levels[kLineGroup];
};

Lines fit_lines(const Floats* x, const LineSearch& search);

}  // namespace ggml
