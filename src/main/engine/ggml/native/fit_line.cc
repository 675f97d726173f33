// Written from make_qkx2_quants of ggml-quants.c. Grids of several widths are tried; for the levels that each gives, scale and
// minimum are those of weighted least squares. Every operation is rounded to float32 in the original's order: another order
// gives other bytes.

#include "fit_line.h"

namespace ggml {
namespace {

struct Group {
  const Floats* x;
  // Root mean square of the group + |x|.
  Floats weight[kLineGroup];
  Floats sum_w;
  Floats sum_wx;
  Floats least;
  Floats most;
};

Group group_of(const Floats* x) {
  Group group = {x, {}, {}, {}, x[0], x[0]};
  Floats squares = {};
  for (int i = 0; i < kLineGroup; i++) squares += x[i] * x[i];
  const Floats root_mean_square = square_root(squares / kLineGroup);
  for (int i = 0; i < kLineGroup; i++) {
    const Floats weight = root_mean_square + magnitude(x[i]);
    group.weight[i] = weight;
    group.sum_w += weight;
    group.sum_wx += weight * x[i];
    group.least = x[i] < group.least ? x[i] : group.least;
    group.most = x[i] > group.most ? x[i] : group.most;
  }
  group.least = group.least > 0.0f ? Floats{} : group.least;
  return group;
}

void set_levels(const Group& group, const Floats& least, const Floats& per_unit, int top, Ints* levels) {
  for (int i = 0; i < kLineGroup; i++) {
    levels[i] = clamped(nearest(per_unit * (group.x[i] - least)), 0, top);
  }
}

// Σ w · (scale · level + least − x)²
Floats error_of(const Group& group, const Ints* levels, const Floats& scale, const Floats& least) {
  Floats error = {};
  for (int i = 0; i < kLineGroup; i++) {
    const Floats off = scale * to_floats(levels[i]) + least - group.x[i];
    error += group.weight[i] * (off * off);
  }
  return error;
}

}  // namespace

Lines fit_lines(const Floats* x, const LineSearch& search) {
  const Group group = group_of(x);
  const float top = search.top;
  const Ints flat = group.most == group.least;
  const Floats most = group.most;
  Floats least = group.least;
  Lines lines;
  const Floats per_unit = top / (most - least);
  lines.scale = 1.0f / per_unit;
  set_levels(group, least, per_unit, search.top, lines.levels);
  Floats error = error_of(group, lines.levels, lines.scale, least);

  for (int t = 0; t < search.tries; t++) {
    const float steps = search.first + 0.1f * t + top;
    Ints levels[kLineGroup];
    set_levels(group, least, steps / (most - least), search.top, levels);
    Floats sum_l = {};
    Floats sum_ll = {};
    Floats sum_xl = {};
    for (int i = 0; i < kLineGroup; i++) {
      const Floats level = to_floats(levels[i]);
      const Floats weighted = group.weight[i] * level;
      sum_l += weighted;
      sum_ll += weighted * level;
      sum_xl += weighted * x[i];
    }
    const Floats determinant = group.sum_w * sum_ll - sum_l * sum_l;
    const Floats free_scale = (group.sum_w * sum_xl - group.sum_wx * sum_l) / determinant;
    const Floats free_least = (sum_ll * group.sum_wx - sum_l * sum_xl) / determinant;
    const Ints positive = free_least > 0.0f;
    const Floats next_scale = positive ? sum_xl / sum_ll : free_scale;
    const Floats next_least = positive ? Floats{} : free_least;
    const Floats next_error = error_of(group, levels, next_scale, next_least);
    const Ints better = (determinant > 0.0f) & (next_error < error);
    if (!any(better)) continue;
    for (int i = 0; i < kLineGroup; i++) {
      lines.levels[i] = better ? levels[i] : lines.levels[i];
    }
    error = better ? next_error : error;
    least = better ? next_least : least;
    lines.scale = better ? next_scale : lines.scale;
  }

  // Groups whose values are all the same have no range to divide.
  lines.scale = flat ? Floats{} : lines.scale;
  lines.minimum = flat ? -group.least : -least;
  for (Ints& level : lines.levels) level = flat ? Ints{} : level;
  return lines;
}

}  // namespace ggml
