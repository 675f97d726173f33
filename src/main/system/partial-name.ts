/** Names of folders that are being written: they say by whom, so that one left behind is told from one at work. */
import { createHash, randomBytes } from 'node:crypto';
import { thisBoot, thisNumbering, ticksOf } from './process-start.ts';

export type PartialOwner = {
  pid: number;
  /** When the process started; '' where the system does not tell. */
  ticks: string;
  /** The boot and the numbering of processes in which `pid` means something. */
  place: string;
};

const form = /^\..*\.(\d+)-(\d*)-([0-9a-f]{12})-[0-9a-f]{8}\.partial$/s;
/** Names of file systems end at 255 bytes; the rest of a partial name takes less than 80. */
const longest = 160;

/** '.NAME.PID-TICKS-PLACE-RANDOM.partial', hidden beside NAME. */
export function partialName(name: string): string {
  const { pid, ticks, place } = thisOwner();
  const short = Buffer.byteLength(name) > longest ? name.slice(0, longest / 4) : name;
  return `.${short}.${pid}-${ticks}-${place}-${randomBytes(4).toString('hex')}.partial`;
}

/** Null for a name that `partialName` did not make. */
export function partialOwner(name: string): PartialOwner | null {
  const [, pid, ticks, place] = form.exec(name) ?? [];
  return pid === undefined || ticks === undefined || place === undefined
    ? null
    : { pid: Number(pid), ticks, place };
}

export function thisOwner(): PartialOwner {
  const { pid } = process;
  return { pid, ticks: ticksOf(pid), place: thisPlace() };
}

function thisPlace(): string {
  const text = `${thisBoot()} ${thisNumbering()}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
