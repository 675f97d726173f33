/** The runtime that set-up has made is found and is the version that the engine was written for. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locateRuntime } from '../../../../src/main/engine/runtime/locate.ts';
import { tensorflowVersion } from '../../../../src/shared/cache-layout.mjs';

it('loads, in a process of its own, with the version that is pinned', () => {
  const { binding } = locateRuntime();
  const program = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(binding)}); console.log(m.exports.TF_Version)`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const version = execFileSync(process.execPath, ['-e', program], { env, encoding: 'utf8' });
  expect(version.trim()).toBe(tensorflowVersion);
});

it('prefers the GPU build where it is there, unless told otherwise', () => {
  const cache = mkdtempSync(join(tmpdir(), 'lorikeet-runtime-'));
  const gpu = join(cache, `runtime/tensorflow-${tensorflowVersion}-gpu`);
  const at = (more: Record<string, string>) => locateRuntime({ LORIKEET_CACHE: cache, ...more });
  expect(at({}).kind).toBe('cpu');
  mkdirSync(gpu, { recursive: true });
  writeFileSync(join(gpu, 'tfjs_binding.node'), '');
  expect(at({})).toMatchObject({ kind: 'gpu', folder: gpu });
  expect(at({ LORIKEET_DEVICE: 'cpu' }).kind).toBe('cpu');
  expect(at({ LORIKEET_DEVICE: 'gpu', LORIKEET_CACHE: '/empty' }).kind).toBe('gpu');
  expect(at({ LORIKEET_RUNTIME: '/app/runtime' }).binding).toBe('/app/runtime/tfjs_binding.node');
  rmSync(cache, { recursive: true });
});
