/** Models in a folder and those below it: GGUF files, and folders with config.json. */
import { basename, relative, sep } from 'node:path';
import type { ModelProgram } from '../../shared/model-programs.ts';
import { bytesOf, fileState, type Candidate, type FileState } from './candidate.ts';
import type { Entry, Walk } from './walk.ts';

/** Publisher, model, and one or two for variants. */
const deepest = 4;

export type Search = {
  program: ModelProgram;
  /** The name of a folder with config.json, by its place below the first: 'org/name'; '' where that says none. */
  folderName: (place: string) => string;
  /** Whether folders below the first one can be models by their config.json: parts of a pipeline are none. */
  nested: boolean;
};

export function findModelFiles(walk: Walk, root: string, search: Search): Promise<Candidate[]> {
  return below(root, 0, true);

  async function below(folder: string, depth: number, wholeFolder: boolean): Promise<Candidate[]> {
    const entries = await walk.list(folder);
    const files = entries.filter(({ isFile }) => isFile);
    const ggufs = await Promise.all(files.filter(isFirstGguf).map((file) => gguf(file, files)));
    const isModel = wholeFolder && ggufs.length === 0 && files.some(isConfig);
    const found = [...ggufs.flat(), ...(isModel ? [await folderModel(folder, files)] : [])];
    if (depth === deepest) return found;
    const mayNest = search.nested && !isModel;
    for (const { path, isFile, name } of entries) {
      if (!isFile && !name.startsWith('.')) found.push(...(await below(path, depth + 1, mayNest)));
    }
    return found;
  }

  async function gguf(entry: Entry, beside: readonly Entry[]): Promise<Candidate[]> {
    const state = await fileState(entry.path);
    if (state === null) return [];
    const parts = await statesOf(partsOf(entry.name, beside));
    const { program } = search;
    const name = basename(entry.name, '.gguf');
    return [{ path: entry.path, name, program, files: [state], bytes: bytesOf(parts) }];
  }

  async function folderModel(folder: string, entries: readonly Entry[]): Promise<Candidate> {
    const files = await statesOf(entries.filter(({ name }) => /\.(json|safetensors)$/.test(name)));
    const weights = await statesOf(entries.filter(({ name }) => isWeights.test(name)));
    const place = relative(root, folder).split(sep).join('/');
    const { program, folderName } = search;
    const name = folderName(place) || basename(root);
    return { path: folder, name, program, files, bytes: bytesOf(weights) };
  }
}

const isWeights = /\.(safetensors|bin|pth?|h5)$/;
/** llama.cpp's name for the parts of a model: '…-00002-of-00003.gguf'. */
const part = /-(\d{5})-of-(\d{5})\.gguf$/;

const isConfig = ({ name }: Entry): boolean => name === 'config.json';

/** Of a model in several files the first stands for all. */
function isFirstGguf({ name }: Entry): boolean {
  const number = part.exec(name)?.[1];
  return name.endsWith('.gguf') && (number === undefined || number === '00001');
}

/** All files of the model that this one begins. */
function partsOf(first: string, beside: readonly Entry[]): Entry[] {
  if (!part.test(first)) return beside.filter(({ name }) => name === first);
  const stem = first.replace(part, '');
  return beside.filter(({ name }) => part.test(name) && name.replace(part, '') === stem);
}

async function statesOf(entries: readonly Entry[]): Promise<FileState[]> {
  const states = await Promise.all(entries.map(({ path }) => fileState(path)));
  return states.filter((state) => state !== null);
}
