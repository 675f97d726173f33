/** What the runs of these tests are asked for beside their files. */

/** Nothing is said of what they have forgotten: that takes as long as all else of a short run. */
export const unmeasured = ['--general-text', 'off'] as const;

/** Of so many steps on a few tokens. */
export function shortRun(steps: number, batchSize = 1): string[] {
  const size = ['--sequence-length', '64', '--batch-size', String(batchSize)];
  return [...size, '--max-steps', String(steps), ...unmeasured];
}
