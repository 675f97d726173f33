/** A worker of the bench: a process that answers one JSON line with one JSON line. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { answer, replies, type Replies, type RequestName, type Requests } from '../protocol.ts';

const schemas: { [K in RequestName]: z.ZodType<Replies[K]> } = replies;

export type Command = {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Is given each line of its output, and true says that it is no reply: libraries may tell of themselves. */
  aside?: (line: string) => boolean;
};

/** V is how the side computes. Has to be closed. */
export class Worker<V> {
  /** When the process was started, in performance.now()'s milliseconds. */
  readonly startedAt = performance.now();
  private readonly name: string;
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: Interface;
  private readonly ended: Promise<string>;
  private takeReply: (line: string) => void = () => undefined;

  constructor(name: string, { program, args, env, aside = () => false }: Command) {
    this.name = name;
    this.child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (line) => {
      if (!aside(line)) this.takeReply(line);
    });
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => {
        resolve(error.message);
      });
      this.child.on('exit', (code, signal) => {
        resolve(`it ended with ${signal ?? String(code)}`);
      });
    });
    // What is written to a process that has ended is reported by `ended`.
    this.child.stdin.on('error', () => undefined);
  }

  /** One request at a time. Rejects when the worker reports an error or ends. */
  async ask<K extends RequestName>(request: K, details: Requests<V>[K]): Promise<Replies[K]> {
    const reply = new Promise<string>((resolve) => (this.takeReply = resolve));
    this.child.stdin.write(`${JSON.stringify({ do: request, ...details })}\n`);
    const line = await Promise.race([
      reply,
      this.ended.then((how) => Promise.reject(new Error(`${this.name}, ${request}: ${how}`))),
    ]);
    const parsed = answer.parse(JSON.parse(line));
    if ('error' in parsed) throw new Error(`${this.name}, ${request}: ${parsed.error}`);
    return schemas[request].parse(parsed.ok);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Lets the process end by itself, and resolves when it has. */
  async close(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
    this.lines.close();
  }
}
