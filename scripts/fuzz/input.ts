/** One changed file with its neighbours in a folder of its own. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isObject } from '../../src/shared/is-object.ts';
import { project } from '../lib/project.ts';
import { pick, randomOf, type Random } from './pick.ts';
import type { Reader } from './readers.ts';

export type Input = { path: string; bytes: number };

/** A list of long lists may come to half a gigabyte, which takes its time whatever is in it. */
const mostBytes = 16 << 20;

const kinds = join(project, 'test/fixtures/tokenizer-kinds');
const anyModel = join(project, 'test/fixtures/models/tiny-tied');

/** Writes input `index` of a reader into `folder`, anew. */
export function writeInput(reader: Reader, seed: number, index: number, folder: string): Input {
  const random = randomOf(seed, reader.name, index);
  const from = pick(random, reader.seeds);
  const ofKind = dirname(from) === kinds;
  const name = ofKind ? 'tokenizer.json' : basename(from);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Seeds of one folder that do not belong together have no neighbours.
  const alone = /\.(?:gguf|parquet|jsonl|csv|tsv)$/.test(name) || from.includes('/seeds/');
  const beside = ofKind ? anyModel : dirname(from);
  for (const other of alone ? [] : readdirSync(beside)) {
    if (other !== name) copyFileSync(join(beside, other), join(folder, other));
  }
  const bytes = changed(reader, ofKind ? tokenizerOf(from) : readFileSync(from), random);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, bytes: bytes.length };
}

/** Changed until it is small enough. */
function changed(reader: Reader, seed: Buffer, random: Random): Buffer {
  for (;;) {
    try {
      const bytes = reader.mutate(seed, random);
      if (bytes.length <= mostBytes) return bytes;
    } catch (thrown) {
      // It would have been longer than any text can be.
      if (!(thrown instanceof RangeError)) throw thrown;
    }
  }
}

/** Fixtures of kinds hold a tokenizer.json among what it gives. */
function tokenizerOf(file: string): Buffer {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Buffer.from(JSON.stringify(isObject(json) ? json['tokenizer'] : null));
}
