/** How the layers of a model turn positions, as config.json says it. */
import type { JsonObject } from './family.ts';
import type { Rotation } from './rope.ts';
import { ropeScalingOf, type Rope, type RopeOptions } from './rope-scaling.ts';

/** Of layers that see everything, and of those with a window; one object in both places where they are the same. */
export type RotationPlan = { whole: Rotation; windowed: Rotation };

/** What config.json says, or what of it cannot be honoured, in words. */
export type RotationReader = (
  json: JsonObject,
  headDim: number,
) => RotationPlan | { refused: string[] };

/** The same in every layer. */
export function oneRotation(options: RopeOptions): RotationReader {
  return (json, headDim) => {
    const { unsupported, ...rope } = ropeScalingOf(json, options);
    if (unsupported.length > 0) return { refused: unsupported };
    const rotation = rotationOf(rope, headDim);
    return 'refused' in rotation ? rotation : { whole: rotation, windowed: rotation };
  };
}

/** Transformers cuts the share of a head that is turned to whole numbers. */
function rotationOf(
  { theta, scaling, share }: Rope,
  headDim: number,
): Rotation | { refused: string[] } {
  const dimensions = Math.floor(headDim * share);
  if (dimensions === 0 || dimensions % 2 !== 0) {
    return { refused: [`partial_rotary_factor ${share}: ${dimensions} numbers are no pairs`] };
  }
  const wanted = dimensions / 2;
  if (scaling?.type === 'longrope') {
    const { shortFactors, longFactors } = scaling;
    if (shortFactors.length !== wanted || longFactors.length !== wanted) {
      return { refused: [`longrope with other than ${wanted} factors`] };
    }
  }
  return { theta, scaling, dimensions };
}

/**
 * Windowed layers have a base of their own, `rope_local_base_freq` or `missing.windowed`, and are never stretched. Reads the
 * keys of transformers 5, too: `rope_parameters` with `full_attention` and `sliding_attention`.
 */
export function twoRotations(missing: { whole: number; windowed: number }): RotationReader {
  return (json, headDim) => {
    const { rope_parameters: parameters, rope_local_base_freq: local, ...rest } = json;
    const nested = isByKind(parameters) ? parameters : null;
    const whole = { ...rest, rope_parameters: nested ? nested.full_attention : parameters };
    const windowed = nested
      ? { ...rest, rope_parameters: nested.sliding_attention }
      : { ...rest, rope_theta: local, rope_scaling: null };
    const read = (settings: JsonObject, theta: number) =>
      oneRotation({ theta, partly: false })(settings, headDim);
    const plans = [read(whole, missing.whole), read(windowed, missing.windowed)] as const;
    const refused = plans.flatMap((plan) => ('refused' in plan ? plan.refused : []));
    const [ofWhole, ofWindowed] = plans;
    if ('refused' in ofWhole || 'refused' in ofWindowed) return { refused };
    return { whole: ofWhole.whole, windowed: ofWindowed.whole };
  };
}

/** Keys that `twoRotations` reads beside those of one rotation. */
export const twoRotationKeys = ['rope_local_base_freq'];

function isByKind(
  value: unknown,
): value is { full_attention: unknown; sliding_attention: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'full_attention' in value &&
    'sliding_attention' in value
  );
}
