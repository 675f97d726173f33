/** JSON files beside a model, read with errors that name the file. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { beyondJsonBounds } from '../../../shared/json-bounds.ts';
import { doubledKey } from '../../../shared/doubled-key.ts';
import { textOf } from '../../../shared/text-of.ts';
import { fileReason } from '../../../shared/errors/file-reason.ts';

const object = z.record(z.string(), z.unknown());
/** Far above any tokenizer.json (a few tens of MB), far below what would exhaust memory. */
const mostBytes = 512 << 20;

/** The JSON object in a file. Errors: checkpoint/unreadable, checkpoint/bad-json. */
export function readJsonObject(path: string): Record<string, unknown> {
  return parseJsonObject(readText(path), path);
}

/** The JSON object in the text of a file. Errors: checkpoint/bad-json. */
export function parseJsonObject(text: string, path: string): Record<string, unknown> {
  const beyond = beyondJsonBounds(text);
  if (beyond !== null) throw lorikeetError('checkpoint/bad-json', { path, reason: beyond });
  const json = parse(text, path);
  const twice = doubledKey(text);
  if (twice === null) return json;
  throw lorikeetError('checkpoint/bad-json', { path, reason: `it has the key "${twice}" twice` });
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    return object.parse(JSON.parse(text));
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? error.message : 'its outermost value is not an object';
    throw lorikeetError('checkpoint/bad-json', { path, reason }, { cause: error });
  }
}

/** As `readJsonObject`, or null where there is no such file. */
export function readJsonObjectIfThere(path: string): Record<string, unknown> | null {
  return existsSync(path) ? readJsonObject(path) : null;
}

/** A whole text file without byte-order mark. Errors: checkpoint/unreadable. */
export function readText(path: string): string {
  return textOf(readBytes(path));
}

/** The bytes of a text file. Errors: checkpoint/unreadable. */
export function readBytes(path: string): Buffer {
  try {
    const status = statSync(path);
    // Reading a device or a pipe might never end.
    if (!status.isFile()) throw new Error('it is not a file');
    if (status.size > mostBytes) throw new Error(`it is over ${mostBytes >> 20} MB`);
    return readFileSync(path);
  } catch (error) {
    const reason = fileReason(error);
    throw lorikeetError('checkpoint/unreadable', { path, reason }, { cause: error });
  }
}
