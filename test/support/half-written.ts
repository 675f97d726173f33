/** The name of a folder that a process left half written which is gone. */
import { spawnSync } from 'node:child_process';
import { thisOwner } from '../../src/main/system/partial-name.ts';

/** As `partialName` gives it for `name`. */
export function halfWritten(name: string): string {
  const { ticks, place } = thisOwner();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return `.${name}.${pid}-${ticks}-${place}-0123abcd.partial`;
}
