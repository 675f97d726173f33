/** The blend that was composed last: what is measured, tried and saved is one and the same, and is computed once. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CompositionReport } from '../shared/contract/composition.ts';
import type { EngineEvent, EngineRequest } from '../shared/contract/engine.ts';
import type { CallOptions, EngineClient } from './engine-client.ts';

type Settings = Omit<EngineRequest<'compose'>, 'output'>;
export type Draft = { folder: string; report: CompositionReport; notices: readonly string[] };

/** On the disk of the adapters, so that a draft becomes one of them by its name alone. */
function folderIn(adapters: string): string {
  return join(adapters, '.draft');
}

/** Of this run of the studio, or of one that ended before it could do so. */
export function removeDraft(adapters: string): void {
  rmSync(folderIn(adapters), { recursive: true, force: true });
}

export class BlendDraft {
  readonly #adapters: string;
  readonly #engine: EngineClient;
  #last: { key: string; draft: Draft } | null = null;

  constructor(adapters: string, engine: EngineClient) {
    this.#adapters = adapters;
    this.#engine = engine;
  }

  /** Composes, unless that is what was composed last. To be awaited before the next call. Errors: those of `compose`. */
  async of(
    settings: Settings,
    { signal, onEvent }: Required<Pick<CallOptions, 'signal' | 'onEvent'>>,
  ): Promise<Draft> {
    const key = JSON.stringify(settings);
    if (this.#last?.key === key && existsSync(this.#last.draft.folder)) return this.#last.draft;
    this.#last = null;
    removeDraft(this.#adapters);
    const notices: string[] = [];
    const listen = (event: EngineEvent) => {
      if (event.kind === 'notice') notices.push(event.text);
      onEvent(event);
    };
    const output = folderIn(this.#adapters);
    const report = await this.#engine.call(
      'compose',
      { ...settings, output },
      { signal, onEvent: listen },
    );
    const draft = { folder: report.output ?? output, report, notices };
    this.#last = { key, draft };
    return draft;
  }

  /** Puts a draft where it stays: in the first free folder of this name among the adapters. */
  keep({ folder }: Draft, name: string): string {
    let path = join(this.#adapters, name);
    for (let number = 2; existsSync(path); number += 1)
      path = join(this.#adapters, `${name}-${number}`);
    renameSync(folder, path);
    this.#last = null;
    return path;
  }
}
