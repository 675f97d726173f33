/**
 * The cache that Hugging Face's libraries share, and newer versions of llama.cpp: models--ORG--NAME with snapshots by commit, whose
 * files are links into blobs (huggingface_hub, "Understand caching").
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileState, type Candidate } from './candidate.ts';
import { findModelFiles } from './model-files.ts';
import type { Entry, Walk } from './walk.ts';

const prefix = 'models--';

export async function findInHubCache(walk: Walk, root: string): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const repository of await walk.list(root)) {
    if (!repository.isFile && repository.name.startsWith(prefix))
      found.push(...(await inRepository(walk, repository)));
  }
  return found;
}

/** Each snapshot; those that are not the latest say their commit. */
async function inRepository(walk: Walk, { path, name }: Entry): Promise<Candidate[]> {
  const repository = name.slice(prefix.length).replaceAll('--', '/');
  const latest = await commitOf(join(path, 'refs', 'main'));
  const snapshots = (await walk.list(join(path, 'snapshots'))).filter(({ isFile }) => !isFile);
  const found: Candidate[] = [];
  for (const { path: snapshot, name: commit } of snapshots) {
    const isLatest = commit === latest || snapshots.length === 1;
    const mark = isLatest ? '' : `@${commit.slice(0, 7)}`;
    const models = await findModelFiles(walk, snapshot, {
      program: 'hugging-face',
      folderName: () => repository,
      nested: false,
    });
    found.push(...models.map((model) => ({ ...model, name: `${model.name}${mark}` })));
  }
  return found;
}

/** A commit has 40 digits. */
const longest = 200;

async function commitOf(path: string): Promise<string | null> {
  const state = await fileState(path);
  if (state === null || state.size > longest) return null;
  return (await readFile(path, 'utf8').catch(() => '')).trim() || null;
}
