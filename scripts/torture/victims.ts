/** A victim of each kind. */
import { cliVictim } from './cli-victim.ts';
import { StudioVictim } from './studio-victim.ts';
import type { Kind, Victim } from './victim.ts';

const made: Record<Kind, (folder: string) => Victim> = {
  cli: cliVictim,
  engine: (folder) => new StudioVictim('engine', folder),
  application: (folder) => new StudioVictim('application', folder),
};

export function victimOf(kind: Kind, folder: string): Victim {
  return made[kind](folder);
}
