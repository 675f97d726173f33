/** What a person has seen of a run: the points that a process told before it was killed. */
import { z } from 'zod';
import type { EngineEvent } from '../../src/shared/contract/engine.ts';
import {
  healthPoint,
  stepPoint,
  validationPoint,
  type HealthPoint,
  type StepPoint,
  type ValidationPoint,
} from '../../src/shared/contract/run-points.ts';

export type Shown = { steps: StepPoint[]; validations: ValidationPoint[]; health: HealthPoint[] };

export const nothingShown = (): Shown => ({ steps: [], validations: [], health: [] });

const line = z.union([
  z.object({ validation: validationPoint }),
  z.object({ health: healthPoint }),
  stepPoint,
]);

/** Adds what a line of `--json` tells; the step, where it tells one. Half a line, the last of a process that was killed, tells nothing. */
export function addLine(shown: Shown, text: string): number | null {
  const told = line.safeParse(parsed(text)).data;
  if (told === undefined) return null;
  if ('validation' in told) shown.validations.push(told.validation);
  else if ('health' in told) shown.health.push(told.health);
  else {
    shown.steps.push(told);
    return told.step;
  }
  return null;
}

/** Adds what an event of the engine tells; the step, where it tells one. */
export function addEvent(shown: Shown, event: EngineEvent): number | null {
  if (event.kind === 'validation') shown.validations.push(event.point);
  if (event.kind === 'health') shown.health.push(event.point);
  if (event.kind !== 'step') return null;
  shown.steps.push(event.point);
  return event.point.step;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
