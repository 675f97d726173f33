/** What people name in place of a model, so that the message can say what to name instead. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** Completes "This is …, not a model." and says what to do. */
export type OtherThing = { found: string; next: string };

/** What is at `path`, where it is known and no model; null for anything else. */
export function otherThanModel(path: string): OtherThing | null {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) return otherFolder(path);
  return status?.isFile() ? otherFile(path) : null;
}

const useBase =
  'Name the model that the adapter was trained on, and give the adapter as an adapter.';

function otherFolder(path: string): OtherThing | null {
  if (existsSync(join(path, 'adapter_config.json'))) return { found: 'an adapter', next: useBase };
  const files = readdirSync(path).filter((name) => extname(name) === '.gguf');
  if (files.length === 0) return null;
  const next = `Name one of the files in it: ${files.slice(0, 5).join(', ')}.`;
  return { found: 'a folder of GGUF files', next };
}

function otherFile(path: string): OtherThing | null {
  const name = basename(path);
  if (name.startsWith('adapter_')) return { found: 'a file of an adapter', next: useBase };
  const folder = dirname(path);
  if (existsSync(join(folder, 'config.json')) && extname(name) !== '.gguf') {
    return { found: 'a file of a model', next: `Name its folder: ${folder}.` };
  }
  if (!/\.(?:safetensors|bin|pth?|json)$/.test(name)) return null;
  const next = 'Name a Hugging Face folder, which holds config.json beside the weights.';
  return { found: 'a single file of a model without its config.json', next };
}
