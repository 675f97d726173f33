/** The processes of an application, as Linux knows them. */
import { readdirSync, readFileSync } from 'node:fs';

type Process = { pid: number; group: number };

/** All that are alive; one that waits only for its parent to notice its end is none. */
function living(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = read(`/proc/${name}/stat`);
    // The name of the program, in brackets, may hold spaces and brackets itself (proc(5)).
    const [state = 'Z', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? [] : [{ pid: Number(name), group: Number(group) }];
  });
}

/** Those of the group that this process leads. */
export function groupOf(leader: number): number[] {
  return living().flatMap(({ pid, group }) => (group === leader ? [pid] : []));
}

/** The leader of the group that was started with this data folder; null where it has not begun. */
export function leaderOn(home: string): number | null {
  const variable = `LORIKEET_HOME=${home}\0`;
  const found = living().find(
    ({ pid, group }) => pid === group && read(`/proc/${pid}/environ`).includes(variable),
  );
  return found?.pid ?? null;
}

/** Empty for one that is gone meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether it was there. */
export function killNow(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    return false;
  }
}
