/** A folder with what a kernel would have in /proc and /sys. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-kernel-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

let count = 0;

/** @param files by path: 'proc/meminfo' */
export function kernelTree(files: Record<string, string>): string {
  const tree = join(root, String((count += 1)));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return tree;
}
