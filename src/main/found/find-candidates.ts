/** All that looks like a model in the places of other programs, each once however many programs share its files. */
import { realpath } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { modelPrograms } from '../../shared/model-programs.ts';
import type { Candidate } from './candidate.ts';
import { findInHubCache } from './hub-cache.ts';
import { findModelFiles } from './model-files.ts';
import { findInOllama } from './ollama.ts';
import type { Place } from './places.ts';
import { Walk } from './walk.ts';

/** A thousand models with their blobs; half a minute where a disk has to wake up. */
const limits = { entries: 50_000, milliseconds: 30_000 };

export type Candidates = {
  candidates: (Candidate & { also: string[] })[];
  /** Those that are there. */
  places: Place[];
  cut: boolean;
};

export async function findCandidates(
  places: readonly Place[],
  bounds: typeof limits = limits,
): Promise<Candidates> {
  const walk = new Walk(bounds);
  const there = places.filter(({ path }) => existsSync(path));
  const byFile = new Map<string, Candidates['candidates'][number]>();
  for (const place of there) {
    for (const candidate of await inPlace(walk, place)) {
      const file = await realpath(candidate.path).catch(() => candidate.path);
      const known = byFile.get(file);
      const { program, name } = candidate;
      if (known === undefined) byFile.set(file, { ...candidate, also: [] });
      else if (known.name !== name || known.program !== program)
        known.also.push(`${modelPrograms[program]}: ${name}`);
    }
  }
  const candidates = [...byFile.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return { candidates, places: there, cut: walk.cut };
}

function inPlace(walk: Walk, { program, path }: Place): Promise<Candidate[]> {
  switch (program) {
    case 'hugging-face':
      return findInHubCache(walk, path);
    case 'ollama':
      return findInOllama(walk, path);
    case 'lm-studio':
    case 'llama-cpp':
      return findModelFiles(walk, path, { program, folderName: (place) => place, nested: true });
  }
}
