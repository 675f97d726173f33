/**
 * How far the engine may be from PyTorch in float32, on any processor. Their kernels add in other orders, so neither is the
 * other's truth. A chain of n roundings strays by at most λ·√n·u, but for a chance of 2·exp(−λ²/2) (Higham and Mary, "A new
 * approach to probabilistic rounding error analysis", 2019); with λ = 4 that is one case in 1500.
 */
import { unit } from '../../../support/rounding.ts';

export const strays = (roundings: number) => 4 * Math.sqrt(roundings) * unit.float32;

/**
 * Of one operation, over its largest result: a sum over all that goes into it at most, and a function of one number, which either
 * library gives to a few units in the last place.
 */
export const ofOperation = (elements: number) => strays(elements) + 8 * unit.float32;

/** Additions one upon another in the largest tiny model: three layers of 64 + 24 + 64 + 64 + 160 and their norms, and the head. */
const forward = 3 * (64 + 24 + 64 + 64 + 160 + 2 * 64) + 2 * 64;

/** Of logits, over the largest: 10⁻⁵, a tenth of what the project promises. */
export const ofLogits = strays(forward);

/** Of a loss, over itself: cross-entropy moves by at most twice what a logit does, and logits here are about as large as losses. */
export const ofLoss = 2 * ofLogits;

/**
 * Of a gradient, over its largest element: forward and twice as much backward; and its elements are sums over up to 64 places of
 * a batch that cancel to about the root of their number. A fifth of what the project promises.
 */
export const ofGradients = Math.sqrt(64) * strays(3 * forward);

/**
 * Of fifty losses in nats, of gradient norms over the largest, and of parameters after fifty steps over their largest element:
 * what the project promises. A difference of the first step grows with every step, at a rate that no bound of rounding gives;
 * PyTorch's own distance from float64 is up to 3·10⁻⁶ (float64Difference in the fixtures).
 */
export const ofCurves = 1e-3;
