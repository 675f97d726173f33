/** GGUF files that are cut short, patched or foreign: each is refused with what is wrong, by name and number. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { after, brokenCopy, fixtures, problemOf } from './fixtures.ts';

const good = join(fixtures, 'gguf/tiny-untied.gguf');

async function problemAfter(edit: (bytes: Buffer) => Buffer): ReturnType<typeof problemOf> {
  const path = brokenCopy(good, edit);
  const problem = await problemOf(() => openCheckpoint(path));
  expect(problem.where).toBe(path);
  return problem;
}

/** Edits in place what follows `text`: `at` is the first byte after it. */
function patch(text: string, change: (bytes: Buffer, at: number) => void) {
  return (bytes: Buffer): Buffer => {
    change(bytes, after(bytes, text));
    return bytes;
  };
}

describe('cut short', () => {
  test('in the data: with the size that it has and the one that it needs', async () => {
    let size = 0;
    const problem = await problemAfter((bytes) => {
      size = bytes.length;
      return bytes.subarray(0, size - 1000);
    });
    expect(problem.code).toBe('checkpoint/cut-short');
    expect(problem.what).toContain(String(size - 1000));
    expect(Number(/at least (\d+)/.exec(problem.what)?.[1])).toBeGreaterThan(size - 64);
  });

  // The library reads zeros past the end; each of these ends in another part of the table.
  test.each([0, 3, 10, 23, 24, 500])('after %i bytes', async (length) => {
    const problem = await problemAfter((bytes) => bytes.subarray(0, length));
    expect(problem.code).toBe('checkpoint/cut-short');
  });

  test.each(['llama.context_length', 'tokenizer.ggml.tokens', 'blk.1.attn_q.weight'])(
    'at %s',
    async (text) => {
      const problem = await problemAfter((bytes) => bytes.subarray(0, after(bytes, text)));
      expect(problem.code).toBe('checkpoint/cut-short');
    },
  );
});

test('two key-values of one name', async () => {
  const key = 'llama.context_length';
  const problem = await problemAfter(
    patch('llama.rope.freq_base', (bytes, at) => bytes.write(key, at - key.length)),
  );
  expect(problem.code).toBe('checkpoint/bad-gguf');
  expect(problem.what).toContain(`it has the key "${key}" twice`);
});

describe('the table of tensors', () => {
  // After a tensor's name: u32 dimensions, u64 per dimension, u32 type, u64 offset.
  const typeAt = 4 + 2 * 8;
  const offsetAt = typeAt + 4;

  test('an offset outside the file', async () => {
    const problem = await problemAfter(
      patch('blk.0.ffn_up.weight', (bytes, at) => bytes.writeBigUInt64LE(1n << 40n, at + offsetAt)),
    );
    expect(problem.code).toBe('checkpoint/bad-tensors');
    expect(problem.what).toMatch(/blk\.0\.ffn_up\.weight at byte \d{13}/);
  });

  test('an offset over another tensor', async () => {
    const problem = await problemAfter(
      patch('blk.0.ffn_up.weight', (bytes, at) => bytes.writeBigUInt64LE(32n, at + offsetAt)),
    );
    expect(problem.code).toBe('checkpoint/bad-tensors');
    expect(problem.what).toContain('lies over the tensor before it');
  });

  test('an offset off the alignment', async () => {
    const problem = await problemAfter(
      patch('blk.0.ffn_up.weight', (bytes, at) => {
        bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at + offsetAt) + 4n, at + offsetAt);
      }),
    );
    expect(problem.what).toContain('blk.0.ffn_up.weight');
    expect(problem.what).toContain('not aligned to 32 bytes');
  });

  test('types that cannot be read, each by name', async () => {
    const problem = await problemAfter((bytes) => {
      bytes.writeUInt32LE(16, after(bytes, 'blk.0.ffn_up.weight') + typeAt);
      bytes.writeUInt32LE(999, after(bytes, 'blk.1.attn_v.weight') + typeAt);
      return bytes;
    });
    expect(problem.code).toBe('checkpoint/unknown-tensor-type');
    expect(problem.what).toContain('blk.0.ffn_up.weight (IQ2_XXS)');
    expect(problem.what).toContain('blk.1.attn_v.weight (type 999)');
  });

  test('rows that are no whole blocks', async () => {
    const problem = await problemAfter(
      patch('blk.0.ffn_up.weight', (bytes, at) => bytes.writeUInt32LE(12, at + typeAt)),
    );
    expect(problem.what).toContain('blk.0.ffn_up.weight [96, 32]');
    expect(problem.what).toContain('no whole blocks of Q4_K');
  });

  test('a dimension that is absurd', async () => {
    const problem = await problemAfter(
      patch('blk.0.ffn_up.weight', (bytes, at) => bytes.writeBigUInt64LE(1n << 60n, at + 4)),
    );
    expect(problem.code).toBe('checkpoint/bad-gguf');
    expect(problem.what).toContain('blk.0.ffn_up.weight');
  });

  test('two tensors of one name', async () => {
    const problem = await problemAfter(
      patch('blk.1.ffn_u', (bytes, at) => bytes.write('blk.0.ffn_u', at - 11)),
    );
    expect(problem.what).toContain('two tensors are called blk.0.ffn_up.weight');
  });

  test('a weight with another shape, one that is missing and one that does not belong: all at once', async () => {
    const problem = await problemAfter((bytes) => {
      const norm = after(bytes, 'blk.0.attn_norm.weight');
      bytes.writeBigUInt64LE(31n, norm + 4);
      bytes.write('blk.1.attn_norm.wei_ht', after(bytes, 'blk.1.attn_norm.weight') - 22);
      return bytes;
    });
    expect(problem.code).toBe('checkpoint/misfit');
    expect(problem.what).toContain('model.layers.0.input_layernorm.weight has the shape [31]');
    expect(problem.what).toContain('instead of [32]');
    expect(problem.what).toContain('model.layers.1.input_layernorm.weight [32] is missing');
    expect(problem.what).toContain('blk.1.attn_norm.wei_ht is not part of this architecture');
  });
});

describe('the head of the file', () => {
  test('counts that the file cannot hold', async () => {
    const problem = await problemAfter((bytes) => {
      bytes.writeBigUInt64LE(1n << 62n, 8);
      return bytes;
    });
    expect(problem.code).toBe('checkpoint/bad-gguf');
    expect(problem.what).toContain('4611686018427387904 tensors');
  });

  test('another architecture, by its name', async () => {
    const problem = await problemAfter(
      patch('general.architecture', (bytes, at) => bytes.write('gpt-9', at + 4 + 8)),
    );
    expect(problem.code).toBe('checkpoint/unknown-architecture');
    expect(problem.what).toContain('gpt-9');
  });

  test('a key that is needed and missing', async () => {
    const problem = await problemAfter(
      patch('llama.block_coun', (bytes, at) => bytes.write('x', at)),
    );
    expect(problem.code).toBe('checkpoint/bad-config');
    expect(problem.what).toContain('num_hidden_layers');
  });

  test.each([
    ['not a GGUF file', (bytes: Buffer) => bytes.fill('PK', 0, 2), 'does not begin with'],
    ['version 1', (bytes: Buffer) => bytes.fill(1, 4, 5), 'version is 1'],
    ['big endian', (bytes: Buffer) => bytes.fill(Buffer.of(0, 0, 0, 3), 4, 8), 'big endian'],
  ])('%s', async (_name, edit, text) => {
    const problem = await problemAfter(edit);
    expect(problem.code).toBe('checkpoint/bad-gguf');
    expect(problem.what).toContain(text);
  });

  test('rope factors that no known scaling gives', async () => {
    const path = brokenCopy(join(fixtures, 'gguf/tiny-llama3-rope.gguf'), (bytes) => {
      bytes.writeFloatLE(31, bytes.lastIndexOf(Buffer.from(Float32Array.of(32).buffer)));
      return bytes;
    });
    const problem = await problemOf(() => openCheckpoint(path));
    expect(problem.code).toBe('checkpoint/unsupported-settings');
    expect(problem.what).toContain('rope_freqs.weight');
  });

  test('random noise after the magic number never gets past the checks', async () => {
    let state = 12345;
    for (let round = 0; round < 30; round++) {
      const path = brokenCopy(good, (bytes) => {
        for (let i = 0; i < 40; i++) {
          state = (Math.imul(state, 1103515245) + 12345) >>> 0;
          const at = 8 + (state % 9000);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << (state >>> 29));
        }
        return bytes;
      });
      // Either an error of ours, or a file whose changed bytes are only names and text.
      await openCheckpoint(path).then(
        (checkpoint) => {
          checkpoint.close();
        },
        async (error: unknown) => {
          await problemOf(() => {
            throw error;
          });
        },
      );
    }
  });
});

test('no such path, and a folder without a model', async () => {
  for (const path of [join(fixtures, 'nothing-here.gguf'), fixtures]) {
    const problem = await problemOf(() => openCheckpoint(path));
    expect(problem).toMatchObject({ code: 'checkpoint/not-found', where: path });
  }
});
