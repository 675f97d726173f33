/** A base loaded to answer several conversations at once, whose adapters come and go without loading it again. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { packingOf, type Checkpoint } from '../checkpoint/checkpoint.ts';
import type { SamplingOptions } from '../generate/answers.ts';
import { Generator } from '../generate/generator.ts';
import { fillPlace, fitsInto, formOf, targetsOf, type PlaceForm } from '../lora/bank-place.ts';
import { layOut, type BankLayout } from '../lora/layout.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { generationFusion } from '../policy.ts';
import { tellWeights } from './open-model.ts';

/** What the program is built for. */
export type ChatRoom = {
  /** Conversations answered at once. */
  rows: number;
  /** Tokens of one of them, its answer included: a multiple of `runLength`. */
  cacheLength: number;
  /** One for each adapter that is in the bank at once. */
  places: readonly PlaceForm[];
};

/** Tokens of a prompt that are read at once. */
export const runLength = 32;

/** An adapter in one state of its files, which is opened only where it is not in the bank already. */
export type AskedAdapter = { key: string; open: () => Adapter };

export class ChatModel {
  readonly room: ChatRoom;
  private readonly generator: Generator;
  private readonly layout: BankLayout;
  private readonly parameters: Float32Array;
  /** What is in each place, and in which call it was last asked. */
  private readonly held: { key: string | null; asked: number }[];
  private calls = 0;

  /** Reads the weights. Has to be disposed of. */
  constructor(
    checkpoint: Checkpoint,
    computeType: ComputeType,
    room: ChatRoom,
    context: EngineContext,
  ) {
    const { architecture } = checkpoint;
    this.room = room;
    this.layout = layOut(room.places.map((form) => targetsOf(form, architecture)));
    this.parameters = new Float32Array(this.layout.size);
    this.held = room.places.map(() => ({ key: null, asked: 0 }));
    this.generator = new Generator(
      {
        ...{ architecture, layout: this.layout, rows: room.rows, promptLength: runLength },
        ...{ cacheLength: room.cacheLength, computeType, packingOf: packingOf(checkpoint) },
        fusion: generationFusion(architecture.config, room.cacheLength),
        alike: true,
      },
      checkpoint,
      this.parameters,
      tellWeights(context),
    );
  }

  /** Puts these into the bank, and says where each is; null where there is no room for all of them. */
  place(adapters: readonly AskedAdapter[]): ReadonlyMap<string, number> | null {
    this.calls += 1;
    const found = new Map<string, number>();
    for (const { key } of adapters) {
      const at = this.held.findIndex((each) => each.key === key);
      if (at >= 0) found.set(key, at);
    }
    const fresh = new Map<number, Adapter>();
    for (const { key, open } of adapters.filter((each) => !found.has(each.key))) {
      if (found.has(key)) continue;
      const adapter = open();
      const at = this.freePlace(formOf(adapter), new Set(found.values()));
      if (at === null) return null;
      found.set(key, at);
      fresh.set(at, adapter);
    }
    for (const [key, at] of found) this.held[at] = { key, asked: this.calls };
    if (fresh.size > 0) this.fill(fresh);
    return found;
  }

  /** Puts what is likely to be asked next into places that are still empty, as far as there are any. */
  offer(adapters: readonly AskedAdapter[]): void {
    const fresh = new Map<number, Adapter>();
    for (const { key, open } of adapters) {
      const taken = this.held.flatMap((each, at) => (each.key === null ? [] : [at]));
      const adapter = taken.length < this.held.length ? open() : null;
      const at = adapter && this.freePlace(formOf(adapter), new Set(taken));
      if (adapter === null || at === null) continue;
      this.held[at] = { key, asked: 0 };
      fresh.set(at, adapter);
    }
    if (fresh.size > 0) this.fill(fresh);
  }

  generate(
    prompts: readonly (readonly number[])[],
    gates: readonly (readonly number[])[],
    sampling: SamplingOptions,
    pause: (answers: readonly (readonly number[])[]) => Promise<void>,
  ): Promise<number[][]> {
    return this.generator.generate(prompts, gates, sampling, pause);
  }

  dispose(): void {
    this.generator.dispose();
  }

  /** That which was asked the longest ago. */
  private freePlace(form: PlaceForm, taken: ReadonlySet<number>): number | null {
    const free = this.room.places.flatMap((place, at) =>
      !taken.has(at) && fitsInto(form, place) ? [at] : [],
    );
    const [first] = free.toSorted((a, b) => this.askedAt(a) - this.askedAt(b));
    return first ?? null;
  }

  private askedAt(place: number): number {
    return this.held[place]?.asked ?? 0;
  }

  private fill(fresh: ReadonlyMap<number, Adapter>): void {
    this.layout.adapters.forEach((place, at) => {
      const adapter = fresh.get(at);
      if (adapter) fillPlace(this.parameters, place, adapter);
    });
    this.generator.setAdapters(this.parameters);
  }
}
