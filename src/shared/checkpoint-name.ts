/** What the folders of a run's checkpoints are called. */

/** 'step-000120' */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The step in the name of a checkpoint, also of one that found its place taken; null where it is none. */
export function stepInName(name: string): number | null {
  const [, step] = /^step-(\d{6,})(?:-\d+)?$/.exec(name) ?? [];
  return step === undefined ? null : Number(step);
}

/** Whether it is a checkpoint that was not finished. */
export function isPartialCheckpoint(name: string): boolean {
  return /^\.step-\d{6,}(?:-\d+)?\..*\.partial$/.test(name);
}
