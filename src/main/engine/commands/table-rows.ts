/** The rows of a table: each adapter by itself over one base, and the base alone. */
import type {
  AdapterSource,
  EngineContext,
  EngineRequest,
} from '../../../shared/contract/engine.ts';
import { bankOf } from '../lora/adapter-bank.ts';
import type { ChatManner } from '../tokenizer/chat-manner.ts';
import { mannerOf } from './manner.ts';
import { headOfBase } from './open-head.ts';
import { tellAll, tokenizerOf, type OpenBase, type OpenModel } from './open-model.ts';

export type TableRow = {
  /** Null for the base. */
  adapter: AdapterSource | null;
  /** One base with all adapters for every row; gates turn on that of the row, whose run's manner the tokenizer has. */
  model: OpenModel;
};

export function tableRows(
  base: OpenBase,
  source: Pick<EngineRequest<'evaluate.table'>, 'adapters' | 'base' | 'thinking' | 'date'>,
  context: EngineContext,
): TableRow[] {
  const { adapters, architecture } = base;
  const alone = source.base ? baseAlone(base, context) : null;
  const bank = bankOf([...adapters, ...(alone?.head ?? [])], architecture);
  const columns = adapters.length + (alone?.head.length ?? 0);
  const tokenizers = tokenizersOf(base);
  const row = (given: AdapterSource[], on: number): TableRow => {
    const [adapter] = given;
    const manner = mannerOf({ ...source, adapters: given }, context);
    const gates = Array.from({ length: columns }, (_, i) =>
      i === on ? (adapter?.weight ?? 1) : 0,
    );
    const model = { ...base, ...tokenizers(manner), bank, gates };
    return { adapter: adapter ?? null, model };
  };
  return [
    // The base's own head, where it has one, comes after the adapters; without one no gate is open.
    ...(alone ? [row([], adapters.length)] : []),
    ...source.adapters.map((adapter, i) => row([adapter], i)),
  ];
}

/** What the base answers with by itself; null where it does not do what the adapters do, which is told. */
function baseAlone(
  { checkpoint, labels }: OpenBase,
  context: EngineContext,
): { head: ReturnType<typeof headOfBase>[] } | null {
  if (labels === null) return { head: [] };
  const own = checkpoint.architecture.labels;
  if (own?.names.join('\n') === labels.names.join('\n'))
    return { head: [headOfBase(checkpoint, own)] };
  const lacks = own === null ? 'has no head for classes' : 'tells other classes apart';
  tellAll(context, [`The base ${lacks} by itself, so the table has no row for it.`]);
  return null;
}

/** Rows whose conversations are written in the same manner share a tokenizer, and so what it reads. */
function tokenizersOf(base: OpenBase): (manner: ChatManner) => ReturnType<typeof tokenizerOf> {
  const known = new Map<string, ReturnType<typeof tokenizerOf>>();
  return (manner) => {
    const key = `${manner.thinking} ${manner.date}`;
    const found = known.get(key) ?? tokenizerOf(base, manner);
    known.set(key, found);
    return found;
  };
}
