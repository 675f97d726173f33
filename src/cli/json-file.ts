/** Reads a JSON file that a person names on the command line. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { doubledKey } from '../shared/doubled-key.ts';
import { beyondJsonBounds } from '../shared/json-bounds.ts';
import { fileReason } from '../shared/errors/file-reason.ts';
import { textOf } from '../shared/text-of.ts';
import { lorikeetError, type LorikeetError } from '../shared/errors/lorikeet-error.ts';
import { messageOf } from '../shared/errors/message-of.ts';

/** Makes the error for a file that is not what was expected. `path` is the full path. */
export type BadFile = (details: { path: string; reason: string }) => LorikeetError;

/** The value in the file. Throws cli/file-unreadable, and what `bad` makes of text that is not JSON. */
export function readJsonFile(path: string, bad: BadFile): unknown {
  const full = resolve(path);
  let text: string;
  try {
    text = textOf(readFileSync(full));
  } catch (cause) {
    throw lorikeetError(
      'cli/file-unreadable',
      { path: full, reason: fileReason(cause) },
      { cause },
    );
  }
  const value = parse(text, (reason) => bad({ path: full, reason }));
  const twice = doubledKey(text);
  if (twice !== null) throw bad({ path: full, reason: `it has the key "${twice}" twice` });
  return value;
}

function parse(text: string, bad: (reason: string) => LorikeetError): unknown {
  const beyond = beyondJsonBounds(text);
  if (beyond !== null) throw bad(beyond);
  const inexact: string[] = [];
  const hear = (_: string, value: unknown, context?: { source?: string }): unknown => {
    const { source = '' } = context ?? {};
    if (wholeNumber.test(source) && !Number.isSafeInteger(value)) inexact.push(source);
    return value;
  };
  let value: unknown;
  try {
    value = JSON.parse(text, hear);
  } catch (cause) {
    throw bad(messageOf(cause));
  }
  const [first] = inexact;
  if (first !== undefined) {
    throw bad(`it has the number ${first}, which would be read as another; write it as a text`);
  }
  return value;
}

const wholeNumber = /^-?\d+$/;
