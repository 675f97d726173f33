/** Reads the fixtures that test/oracle writes. */
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';

/** The path of a file or folder in test/fixtures; one that is full already stays. */
export function fixturePath(name: string): string {
  if (isAbsolute(name)) return name;
  return fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
}

/** A JSON file of test/fixtures, checked. */
export function readFixture<T extends z.ZodType>(name: string, schema: T): z.output<T> {
  return schema.parse(JSON.parse(readFileSync(fixturePath(name), 'utf8')));
}

/** All tensors of a safetensors file; its path is as for `fixturePath`. */
export function readTensors(name: string): Map<string, Float32Array> {
  const file = openSafetensors(fixturePath(name));
  try {
    return new Map([...file.tensors.keys()].map((tensor) => [tensor, file.read(tensor)]));
  } finally {
    file.close();
  }
}
