/** What both sides work with: one exported model, adapters, and the sample data as tokens. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { place } from '../../scripts/lib/place.ts';
import { project } from '../../scripts/lib/project.ts';
import { say } from '../../scripts/lib/say.ts';
import { cachePaths } from '../../src/main/cache.ts';
import type { Sequence } from '../../src/main/engine/batch/sequence.ts';
import { loadEncoded, promptTokens, questionOf } from '../../src/main/engine/batch/encode.ts';
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { Checkpoint } from '../../src/main/engine/checkpoint/checkpoint.ts';
import type { TensorSource } from '../../src/main/engine/checkpoint/safetensors-writer.ts';
import { writeModelDirectory } from '../../src/main/engine/export/model-directory.ts';
import type { Architecture } from '../../src/main/engine/model/architecture.ts';
import { createTokenizer } from '../../src/main/engine/tokenizer/tokenizer.ts';
import { writeBenchAdapter, type AdapterKind } from './adapters.ts';

export type Materials = {
  /** Hugging Face directory, float32. */
  model: string;
  architecture: Architecture;
  train: Sequence[];
  heldOut: Sequence[];
  /** A held-out question, as generation is given it. */
  prompt: number[];
  /** The folder of an adapter; each kind is written once. */
  adapter: (kind: AdapterKind) => Promise<string>;
  /** A path that is free, gone after the bench. */
  scratch: (name: string) => string;
  dispose: () => void;
};

/** Exports the model into the cache unless it is there, and encodes the sample data. */
export async function prepareMaterials(source: string): Promise<Materials> {
  const folder = join(cachePaths().root, 'bench');
  mkdirSync(folder, { recursive: true });
  removeLeftovers(folder);
  const model = await exported(source, folder);
  const work = mkdtempSync(join(folder, `work-${process.pid}-`));
  const checkpoint = await openCheckpoint(model);
  try {
    const { architecture } = checkpoint;
    const tokenizer = createTokenizer(checkpoint.tokenizer, architecture.config);
    const sample = (part: string) =>
      loadEncoded(
        { path: join(project, `resources/samples/smart-home.${part}.jsonl`), columns: [] },
        tokenizer,
      );
    const heldOut = await sample('validation');
    const [first] = heldOut.examples;
    const question = first ? questionOf(first, tokenizer) : null;
    if (!question) throw new RangeError('the first held-out example asks nothing');
    const adapter = async (kind: AdapterKind) => {
      const name = `adapter-r${kind.rank}-l${kind.layers}${kind.trained ? '-trained' : ''}`;
      const path = join(work, name);
      if (!existsSync(path)) await writeBenchAdapter(path, architecture, kind);
      return path;
    };
    return {
      model,
      architecture,
      train: (await sample('train')).encoded.flat(),
      heldOut: heldOut.encoded.flat(),
      prompt: promptTokens(question.prompt, tokenizer),
      adapter,
      scratch: (name) => join(work, name),
      dispose: () => {
        rmSync(work, { recursive: true, force: true });
      },
    };
  } finally {
    checkpoint.close();
  }
}

/** What a bench that was killed has left. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^work-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    rmSync(join(folder, name), { recursive: true });
  }
}

async function exported(source: string, folder: string): Promise<string> {
  const path = realpathSync(source);
  const { mtimeMs, size } = statSync(path);
  const key = createHash('sha256')
    .update(JSON.stringify([path, mtimeMs, size]))
    .digest('hex');
  const target = join(folder, `model-float32-${key.slice(0, 12)}`);
  if (existsSync(target)) return target;
  say('• Exporting the model to a Hugging Face directory in float32 …');
  const checkpoint = await openCheckpoint(path);
  try {
    await place(target, async (made) => {
      await writeModelDirectory(made, { ...partsOf(checkpoint) }, tensorsOf(checkpoint));
      return undefined;
    });
  } finally {
    checkpoint.close();
  }
  return target;
}

function partsOf({ architecture, tokenizer }: Checkpoint) {
  return { architecture, tokenizer, dtype: 'float32' as const };
}

function tensorsOf(checkpoint: Checkpoint): TensorSource[] {
  return [...checkpoint.tensors].map(([name, { shape }]) => ({
    name,
    shape,
    values: () => checkpoint.read(name),
  }));
}
