/** The studio, killed at random moments while it trains: its engine alone, and all of it. */
import { expect, test } from 'vitest';
import { jobs } from '../../scripts/torture/job.ts';
import { torture } from '../../scripts/torture/torture.ts';

test.each(['engine', 'application'] as const)('%s', async (kind) => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const report = await torture(kind, { kills: 3, seed: 5, jobs: jobs.slice(0, 1), say });
  expect(report.faults, lines.join('\n')).toEqual([]);
  expect(report.kills).toBe(3);
});
