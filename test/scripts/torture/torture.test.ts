/** The command line, killed at random moments: nothing is lost, and each run comes to what it would have come to. */
import { expect, it } from 'vitest';
import { jobs } from '../../../scripts/torture/job.ts';
import { torture } from '../../../scripts/torture/torture.ts';

it('lorikeet train and resume', async () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const report = await torture('cli', { kills: 4, seed: 11, jobs: jobs.slice(0, 1), say });
  expect(report.faults, lines.join('\n')).toEqual([]);
  expect(report.kills).toBe(4);
});
