/** Whether the store is whole after a kill, and has all that was shown. */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import type { Store } from '../../src/main/store/database.ts';
import type { Shown } from './shown.ts';

/** What is wrong with the file itself, as SQLite sees it. */
export function faultsOfFile(path: string): string[] {
  // It was killed before it had made one.
  if (!existsSync(path)) return [];
  const database = new BetterSqlite3(path);
  try {
    const integrity = database.pragma('integrity_check', { simple: true });
    const foreign = database.pragma('foreign_key_check');
    return [
      ...(integrity === 'ok' ? [] : [`the store is damaged: ${String(integrity)}`]),
      ...(isDeepStrictEqual(foreign, []) ? [] : ['the store has rows of runs that are not there']),
    ];
  } finally {
    database.close();
  }
}

/** Points that were shown of a run, and are not in the store, or there with other numbers. */
export function lostPoints({ metrics, health }: Store, id: number, shown: Shown): string[] {
  const kept = { ...metrics.of(id), health: health.of(id) };
  return [
    ...missing('step', shown.steps, kept.steps),
    ...missing('validation', shown.validations, kept.validations),
    ...missing('reading of the health', shown.health, kept.health),
  ];
}

function missing<P extends { step: number }>(
  what: string,
  shown: readonly P[],
  kept: readonly P[],
): string[] {
  const byStep = new Map(kept.map((point) => [point.step, point]));
  return shown
    .filter((point) => !isDeepStrictEqual(byStep.get(point.step), point))
    .map(
      ({ step }) =>
        `the ${what} ${step} was shown and is ${byStep.has(step) ? 'another' : 'not'} in the store`,
    );
}
