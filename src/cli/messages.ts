/** Reads the messages of a conversation from a JSON file. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Message } from '../shared/contract/engine.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';

const messages = z
  .array(z.object({ role: z.string().min(1), content: z.string() }))
  .min(1, 'there is no message');
const file = z.union([messages, z.object({ messages }).transform((value) => value.messages)]);

/** A list of messages, or an object with `messages`. Throws cli/file-unreadable and cli/bad-messages. */
export function readMessages(path: string): Message[] {
  const full = resolve(path);
  let text: string;
  try {
    text = readFileSync(full, 'utf8');
  } catch (cause) {
    throw lorikeetError('cli/file-unreadable', { path: full, reason: reasonOf(cause) }, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw lorikeetError('cli/bad-messages', { path: full, reason: reasonOf(cause) }, { cause });
  }
  const parsed = file.safeParse(value);
  if (!parsed.success) {
    const reason = 'expected a list of messages, each with role and content';
    throw lorikeetError('cli/bad-messages', { path: full, reason });
  }
  return parsed.data;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
