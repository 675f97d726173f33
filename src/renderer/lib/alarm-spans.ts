/** The alarms of a run over time: since when, and whether still. */
import type { HealthPoint } from '../../shared/contract/run-points.ts';
import type { Problem } from '../../shared/errors/problem.ts';

/** `problem` as the last reading with it had it. `gone` is the first step after without it; null while it lasts. */
export type AlarmSpan = { problem: Problem; since: number; gone: number | null };

/** One span for each kind of alarm: first those that last, worst first; one that comes back counts from its first time. */
export function alarmSpans(points: readonly HealthPoint[]): AlarmSpan[] {
  const spans = new Map<string, AlarmSpan>();
  for (const { step, alarms } of points) {
    for (const problem of alarms) {
      const since = spans.get(problem.code)?.since ?? step;
      spans.set(problem.code, { problem, since, gone: null });
    }
    for (const span of spans.values()) {
      if (!alarms.some(({ code }) => code === span.problem.code)) span.gone ??= step;
    }
  }
  // A reading has its alarms worst first.
  const lasting = points.at(-1)?.alarms.flatMap(({ code }) => spans.get(code) ?? []) ?? [];
  return [...lasting, ...[...spans.values()].filter(({ gone }) => gone !== null)];
}
