/** Reads the messages of a conversation from a JSON file. */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Prompt } from '../shared/contract/engine.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { listOf } from '../shared/first-wrong.ts';
import { readJsonFile, type BadFile } from './json-file.ts';

const message = z
  .looseObject({ role: z.string().min(1), content: z.string() })
  .transform(({ role, content, ...others }) => {
    // The engine refuses those that the model's chat template does not use; null says nothing.
    const further = Object.fromEntries(
      Object.entries(others).filter(([, value]) => value !== null),
    );
    return { role, content, ...(Object.keys(further).length > 0 ? { further } : {}) };
  });
const messages = listOf(message).refine(({ length }) => length > 0, 'there is no message');
const file = z.union([
  messages.transform((list) => ({ messages: list })),
  z
    .strictObject({ messages, tools: listOf(z.record(z.string(), z.unknown())).optional() })
    .transform(({ tools, ...chat }) => ({ ...chat, ...(tools?.length ? { tools } : {}) })),
]);

/** A list of messages, or an object with `messages` and `tools`. Throws cli/file-unreadable and cli/bad-messages. */
export function readMessages(path: string): Extract<Prompt, { kind: 'chat' }> {
  const bad: BadFile = (details) => lorikeetError('cli/bad-messages', details);
  const parsed = file.safeParse(readJsonFile(path, bad));
  if (parsed.success) return { kind: 'chat', ...parsed.data };
  const reason =
    'expected a list of messages, each with role and content, or an object with "messages" and, where there are any, "tools"';
  throw bad({ path: resolve(path), reason });
}
