/** The alarms of a run in lines, each kind once. */
import type { EngineEvent } from '../shared/contract/engine.ts';

/** Gives the lines for alarms of kinds that an adapter has not had before: a reading tells all that is wrong, every time. */
export function newAlarms(): (event: EngineEvent) => string[] {
  const told = new Set<string>();
  return (event) => {
    const of = event.kind === 'variant' ? `variant ${event.variant + 1}, ` : '';
    const own = event.kind === 'variant' ? event.event : event;
    if (own.kind !== 'health') return [];
    return own.point.alarms.flatMap(({ code, what, where, next }) => {
      if (told.has(of + code)) return [];
      told.add(of + code);
      const place = where === null ? '' : `\n  where: ${where}`;
      return `${of}alarm at step ${own.point.step}: ${what}${place}\n  next:  ${next}`;
    });
  };
}
