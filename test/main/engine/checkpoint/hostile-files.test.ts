/** Files made to stop a program: depths, counts and lengths that lie, names that lead away, and what is no file. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { moduleTest, namePatterns } from '../../../../src/main/engine/checkpoint/name-patterns.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { after, brokenCopy, fixtures, problemOf, temporaryFolder } from './fixtures.ts';

/** A copy of a fixture model in which files are put in place of others. */
function modelWith(
  files: Readonly<Record<string, string | Uint8Array>>,
  model = 'tiny-tied',
): string {
  const folder = join(temporaryFolder(), 'model');
  cpSync(join(fixtures, 'models', model), folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const tokenizerOf = (folder: string) => async () => {
  const checkpoint = await openCheckpoint(folder);
  try {
    return checkpoint.tokenizer.tokenizerJson;
  } finally {
    checkpoint.close();
  }
};

describe('JSON', () => {
  test.each(['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'])(
    'lists a million deep in %s',
    async (name) => {
      const deep = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
      const problem = await problemOf(tokenizerOf(modelWith({ [name]: deep })));
      expect(problem).toMatchObject({
        code: 'checkpoint/bad-json',
        what: expect.stringContaining('deep') as unknown,
      });
    },
  );

  test('32 MB that are little but lists', async () => {
    const lists = `{"a":[${'[],'.repeat(11_000_000)}[]]}`;
    const problem = await problemOf(tokenizerOf(modelWith({ 'tokenizer.json': lists })));
    expect(problem.what).toContain('11000002 lists');
  });
});

describe('safetensors', () => {
  test('a header of 2^63 bytes', async () => {
    const bytes = readFileSync(join(fixtures, 'models/tiny-tied/model.safetensors'));
    bytes.writeBigUInt64LE(1n << 63n, 0);
    const problem = await problemOf(() =>
      openCheckpoint(modelWith({ 'model.safetensors': bytes })),
    );
    expect(problem.what).toContain('9223372036854775808 bytes');
  });

  test('a header of lists', async () => {
    const header = Buffer.from(`{"a":[${'[],'.repeat(2_000_000)}[]]}`);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const bytes = Buffer.concat([length, header]);
    const problem = await problemOf(() =>
      openCheckpoint(modelWith({ 'model.safetensors': bytes })),
    );
    expect(problem.what).toContain('2000002 lists');
  });
});

describe('names that lead away', () => {
  test.each(['../escape.safetensors', '/etc/passwd', '..', 'a/b.safetensors', '..\\escape', ''])(
    'a shard called %j',
    async (name) => {
      const index = JSON.stringify({ metadata: {}, weight_map: { 'model.norm.weight': name } });
      const folder = modelWith({ 'model.safetensors.index.json': index });
      rmSync(join(folder, 'model.safetensors'));
      writeFileSync(join(folder, '../escape.safetensors'), 'secret');
      const { code } = await problemOf(() => openCheckpoint(folder));
      expect(code).toMatch(/^checkpoint\/(?:bad-json|unreadable)$/);
    },
  );

  // Hugging Face's cache is made of such links: what they lead to is read as any file, and never written.
  test('a link out of the folder to a sound file is read, and one to anything else is refused', async () => {
    const folder = modelWith({});
    const file = join(folder, 'model.safetensors');
    rmSync(file);
    symlinkSync(join(fixtures, 'models/tiny-tied/model.safetensors'), file);
    (await openCheckpoint(folder)).close();
    rmSync(file);
    symlinkSync('/dev/zero', file);
    expect(await problemOf(() => openCheckpoint(folder))).toMatchObject({
      what: 'The file cannot be read: it is not a file.',
    });
    rmSync(file);
    symlinkSync(file, file);
    expect((await problemOf(() => openCheckpoint(folder))).code).toMatch(/^checkpoint\//);
  });

  test
    .skipIf(process.platform === 'win32')
    .each(['config.json', 'model.safetensors', 'tokenizer.json'])(
    'a pipe in place of %s, which nobody writes into',
    async (name) => {
      const folder = modelWith({});
      rmSync(join(folder, name));
      execFileSync('mkfifo', [join(folder, name)]);
      expect((await problemOf(tokenizerOf(folder))).what).toContain('it is not a file');
    },
  );

  test('a folder in place of a file', async () => {
    const folder = modelWith({});
    rmSync(join(folder, 'tokenizer.json'));
    mkdirSync(join(folder, 'tokenizer.json'));
    expect((await problemOf(tokenizerOf(folder))).code).toBe('checkpoint/unreadable');
  });
});

describe('GGUF', () => {
  const good = join(fixtures, 'gguf/tiny-untied.gguf');
  /** Behind the key: u32 type of the list, u32 type of its items, u64 how many. */
  const patched = (key: string, change: (bytes: Buffer, at: number) => void) =>
    brokenCopy(good, (bytes) => {
      change(bytes, after(bytes, key));
      return bytes;
    });

  test.each([1n << 24n, 1n << 40n, 1n << 63n])('a list of %s items', async (count) => {
    const path = patched('tokenizer.ggml.tokens', (bytes, at) =>
      bytes.writeBigUInt64LE(count, at + 8),
    );
    expect((await problemOf(() => openCheckpoint(path))).code).toMatch(
      /^checkpoint\/(?:cut-short|bad-gguf)$/,
    );
  });

  test('a text of 2^62 characters, and a value of no type', async () => {
    const long = patched('general.architecture', (bytes, at) =>
      bytes.writeBigUInt64LE(1n << 62n, at + 4),
    );
    expect((await problemOf(() => openCheckpoint(long))).code).toBe('checkpoint/cut-short');
    const typeless = patched('general.architecture', (bytes, at) => bytes.writeUInt32LE(77, at));
    expect((await problemOf(() => openCheckpoint(typeless))).what).toContain('unknown type 77');
  });
});

describe('patterns of an adapter', () => {
  const module = 'model.layers.0.self_attn.q_proj';
  const hard = '([a-z_.0-9]+)+!';

  test('in target_modules', () => {
    const folder = join(temporaryFolder(), 'adapter');
    cpSync(join(fixtures, 'adapters/regex'), folder, { recursive: true });
    const config = join(folder, 'adapter_config.json');
    const json: unknown = JSON.parse(readFileSync(config, 'utf8'));
    writeFileSync(config, JSON.stringify({ ...Object(json), target_modules: hard }));
    expect(() => readAdapter(folder)).toThrow('endless time');
  });

  test('that try every way to fit', () => {
    expect(() => moduleTest(hard, 'f', (source) => source)(module.repeat(4))).toThrow(
      'endless time',
    );
    expect(() => namePatterns({ [hard]: 4 }, 'f')(module.repeat(4))).toThrow('endless time');
    expect(namePatterns({ 'q_.*|v_.*': 4 }, 'f')(module)).toBe(4);
  });

  test('a list of what are no names is one problem, not one for each', () => {
    const folder = join(temporaryFolder(), 'adapter');
    cpSync(join(fixtures, 'adapters/regex'), folder, { recursive: true });
    const config = join(folder, 'adapter_config.json');
    const json: unknown = JSON.parse(readFileSync(config, 'utf8'));
    const zeros = Array.from({ length: 200_000 }, () => 0);
    writeFileSync(config, JSON.stringify({ ...Object(json), target_modules: zeros }));
    expect(() => readAdapter(folder)).toThrow('target_modules: expected a list of names');
  });

  test('more than there are modules', () => {
    const patterns = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`m${i}`, 4]));
    expect(() => namePatterns(patterns, 'f')).toThrow('it has 30000 patterns');
  });
});
