/** The tensors of base + adapter one after another, merged in float32 while they are read. */
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { pieceBytes } from '../checkpoint/piece-writer.ts';
import { storedRows, type StoredRows } from '../checkpoint/stored-rows.ts';
import { Merger } from '../lora/merge.ts';
import { floatBytes, type FloatType } from '../numbers/float-formats.ts';

/** A tensor of the base, and the type that it is wanted in. */
export type WantedTensor = { name: string; type: FloatType };

/** Gives tensors in the order of the list. Has to be closed. */
export class MergedTensors {
  private readonly adapter: Adapter;
  private readonly stored: AsyncGenerator<StoredRows, void>;
  private readonly types: ReadonlyMap<string, FloatType>;
  private readonly mergers = new Map<FloatType, Merger>();
  private roundingSquared = 0;
  private deltaSquared = 0;

  /** Errors: checkpoint/no-tensor. */
  constructor(checkpoint: Checkpoint, adapter: Adapter, wanted: readonly WantedTensor[]) {
    const { path } = checkpoint;
    const tensors = new Map(
      wanted.map(({ name }) => {
        const tensor = checkpoint.tensors.get(name);
        if (!tensor) throw lorikeetError('checkpoint/no-tensor', { path, name });
        return [name, tensor];
      }),
    );
    const narrowest = Math.min(...wanted.map(({ type }) => floatBytes[type]));
    const kept = {
      tensors,
      read: (name: string) => checkpoint.read(name),
      readPlain: (name: string, target: Uint8Array, begin: number) =>
        checkpoint.readPlain(name, target, begin),
    };
    this.adapter = adapter;
    this.types = new Map(wanted.map(({ name, type }) => [name, type]));
    this.stored = storedRows(kept, pieceBytes / narrowest);
  }

  /**
   * The bytes of the next tensor, a few whole rows at a time; a piece stays until the one after the next is asked for. What has
   * no adapter and is stored in the type already is given as it is.
   * Errors: merge/not-finite and output/not-representable, naming the matrix; those of the checkpoint.
   */
  async *pieces(): AsyncIterable<Uint8Array> {
    for (;;) {
      const { value: rows } = await this.stored.next();
      if (!rows) return;
      yield this.written(rows);
      if (rows.last) return;
    }
  }

  /** ‖W_written − W_fp32‖ / ‖ΔW‖ (Frobenius, over all that was merged so far); 0 when ΔW is 0. */
  get roundingLoss(): number {
    return this.deltaSquared === 0 ? 0 : Math.sqrt(this.roundingSquared / this.deltaSquared);
  }

  async close(): Promise<void> {
    await this.stored.return();
    for (const merger of this.mergers.values()) merger.dispose();
  }

  private written(rows: StoredRows): Uint8Array {
    const type = this.types.get(rows.name) ?? 'float32';
    const module = this.adapter.modules.get(rows.name.replace(/\.weight$/, '')) ?? null;
    if (module === null && rows.type === type) return rows.bytes;
    const merged = this.mergerTo(type).merge(rows, module);
    this.deltaSquared += merged.deltaSquared;
    if (module) this.roundingSquared += merged.roundingSquared;
    return merged.bytes;
  }

  private mergerTo(type: FloatType): Merger {
    const known = this.mergers.get(type) ?? new Merger(type);
    this.mergers.set(type, known);
    return known;
  }
}
