/** Reads the messages of a conversation from a JSON file. */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Message } from '../shared/contract/engine.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { readJsonFile, type BadFile } from './json-file.ts';

const messages = z
  .array(z.object({ role: z.string().min(1), content: z.string() }))
  .min(1, 'there is no message');
const file = z.union([messages, z.object({ messages }).transform((value) => value.messages)]);

/** A list of messages, or an object with `messages`. Throws cli/file-unreadable and cli/bad-messages. */
export function readMessages(path: string): Message[] {
  const bad: BadFile = (details) => lorikeetError('cli/bad-messages', details);
  const parsed = file.safeParse(readJsonFile(path, bad));
  if (parsed.success) return parsed.data;
  const reason = 'expected a list of messages, each with role and content';
  throw bad({ path: resolve(path), reason });
}
