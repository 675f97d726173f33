/** Smoothing of a noisy curve. */
/**
 * Exponential moving average with Adam's correction for the start (Kingma & Ba 2015, §3): mₜ = w·mₜ₋₁ + (1 − w)·yₜ,
 * shown as mₜ / (1 − wᵗ), so that the first points are not pulled to zero. `weight` in [0, 1): 0 changes nothing. A value
 * that is not finite is passed through and does not enter the average.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  let mean = 0;
  let mass = 0;
  return values.map((y) => {
    if (!Number.isFinite(y)) return y;
    mean = weight * mean + (1 - weight) * y;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}
