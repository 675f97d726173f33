/** The end of an application: it is killed whole, or its main process alone, and nothing of it may live on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { groupOf, killNow, leaderOn } from './processes.ts';

/** Waits for one that is only about to start. Gives the number of its main process. */
export async function killApplication(home: string, mainAlone: boolean): Promise<number> {
  for (;;) {
    const leader = leaderOn(home);
    if (leader !== null) {
      for (const pid of mainAlone ? [leader] : groupOf(leader)) killNow(pid);
      return leader;
    }
    await sleep(2);
  }
}

/** What of it lives on after that long, and could still write; null where nothing does. */
export async function livingOn(leader: number, patienceMs: number): Promise<string | null> {
  const end = performance.now() + patienceMs;
  while (groupOf(leader).length > 0) {
    if (performance.now() > end) return `processes of it live on: ${groupOf(leader).join(', ')}`;
    await sleep(20);
  }
  return null;
}
