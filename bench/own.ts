/** Lorikeet's side of the bench: answers requests on stdin, one JSON line each, in the order they come. */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createHandlers, type Handlers } from './own/handlers.ts';
import {
  ownRequests,
  replies,
  type RequestName,
  type OwnVariant,
  type Requests,
} from './protocol.ts';

const schemas: { [K in RequestName]: z.ZodType<Requests<OwnVariant>[K]> } = ownRequests;

const named = z.object({
  do: z.custom<RequestName>((value) => typeof value === 'string' && value in replies, {
    error: 'there is no such request',
  }),
});

async function answer<K extends RequestName>(handlers: Handlers, name: K, line: unknown) {
  return handlers[name](schemas[name].parse(line));
}

const handlers = createHandlers();
for await (const text of createInterface({ input: process.stdin })) {
  let reply: { ok: unknown } | { error: string };
  try {
    const line: unknown = JSON.parse(text);
    reply = { ok: await answer(handlers, named.parse(line).do, line) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
