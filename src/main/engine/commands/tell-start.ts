/** What a run is told of the adapter that it starts from. */
import { formatPercent, plainSpaces } from '../../../shared/format.ts';
import { sayTargets } from '../../../shared/say-targets.ts';
import type { TakenOver } from '../compose/take-over.ts';
import { targetsOf } from '../lora/targets-of.ts';
import type { Architecture } from '../model/architecture.ts';

/** float32 rounds a number by no more than half of this, relatively. */
const unit = 2 ** -23;

/** @param path of the adapter */
export function tellStart(
  path: string,
  { anew, error }: TakenOver,
  architecture: Architecture,
): string[] {
  return [
    `The run starts from the adapter in ${path}${sayError(error)}`,
    ...(anew.length === 0
      ? []
      : [
          `Of the target modules it has nothing for ${sayTargets(targetsOf(anew, architecture))}: these begin anew.`,
        ]),
  ];
}

function sayError(error: TakenOver['error']): string {
  if (error === null) return ', with its numbers as they are.';
  const { all, worst } = error;
  const brought = ', brought to the rank and the scaling of this run';
  if (worst.error <= unit) return `${brought} without an error but rounding.`;
  const say = (value: number) => plainSpaces(formatPercent(value));
  return `${brought}: its change is off by ${say(all)} (‖ΔW′ − ΔW‖ / ‖ΔW‖), most in ${worst.path}, by ${say(worst.error)}.`;
}
