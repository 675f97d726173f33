/** A run on a tiny model that takes milliseconds a step, and the page's bridge to start it with. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { z } from 'zod';
import type { Answer, Bridge } from '../../src/shared/contract/bridge.ts';
import {
  commands,
  type CommandName,
  type CommandRequest,
  type CommandResponse,
} from '../../src/shared/contract/commands.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';
import { root } from './launch.ts';

declare global {
  interface Window {
    /** The bridge as it arrives in the page: what comes through it is looked at, not believed. */
    readonly lorikeet: Pick<Bridge, 'onLiveEvent' | 'pathOfFile'> & {
      invoke(command: string, request: unknown): Promise<Answer<unknown>>;
    };
  }
}

/** Steps of a run that is to be ended: they take minutes, and are too few to be compiled, which would take longer than the test. */
export const endless = 50_000;

/** Trains `steps` steps on a few lines of text that are written into `home`. */
export function tinyRun(home: string, steps: number, name = 'tiny'): TrainingConfig {
  const data = join(home, 'tiny.jsonl');
  const line = (n: number) => JSON.stringify({ prompt: `say ${n}`, completion: `${n} is said` });
  const text = Array.from({ length: 16 }, (_, n) => line(n)).join('\n');
  // A run that just begins may be reading it.
  if (!existsSync(data) || readFileSync(data, 'utf8') !== text) writeFileSync(data, text);
  return {
    ...trainingDefaults,
    name,
    model: join(root, 'test/fixtures/models/tiny-tied'),
    data,
    validation: { kind: 'none' },
    duration: { kind: 'steps', steps },
    precision: 'float32',
    batchSize: 1,
    sequenceLength: 64,
    // It would take longer than the run.
    generalText: { kind: 'off' },
  };
}

type Shapes = { [N in CommandName]: { response: z.ZodType<CommandResponse<N>> } };
const shapes: Shapes = commands;

/** Sends a command as the page's own code does. Fails with the problem's text. */
export async function invoke<N extends CommandName>(
  page: Page,
  command: N,
  request: CommandRequest<N>,
): Promise<CommandResponse<N>> {
  const sent: { name: string; given: unknown } = { name: command, given: request };
  const answer = await page.evaluate(
    ({ name, given }) => window.lorikeet.invoke(name, given),
    sent,
  );
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return shapes[command].response.parse(answer.value);
}
