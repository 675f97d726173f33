/** Folders with the files of a tokenizer. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { fixture, readJson } from '../tokenizer/fixtures.ts';

/** A copy of the tiny model's tokenizer in which the id 287 is free, with other files beside it. */
export function tokenizerFolder(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-tokenizer-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const source = fixture('models/tiny-tied');
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja']) {
    cpSync(join(source, name), join(folder, name));
  }
  const tokenizer = z
    .looseObject({
      model: z.looseObject({
        vocab: z.record(z.string(), z.int()),
        merges: z.array(z.tuple([z.string(), z.string()])),
      }),
    })
    .parse(readJson(join(folder, 'tokenizer.json')));
  const { vocab, merges } = tokenizer.model;
  const last = Object.keys(vocab).find((word) => vocab[word] === 287);
  tokenizer.model.vocab = Object.fromEntries(Object.entries(vocab).filter(([, id]) => id !== 287));
  tokenizer.model.merges = merges.filter((pair) => pair.join('') !== last);
  const written: Record<string, unknown> = { 'tokenizer.json': tokenizer, ...files };
  for (const [name, content] of Object.entries(written)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    if (content === null) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  return folder;
}
