/** A base with adapters, opened to be written for other programs: the adapters one by one, and their sum as one. */
import type { AdapterSource, EngineContext } from '../../../shared/contract/engine.ts';
import { noAdapter, type Adapter, type AdapterModule } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { composeExactly } from '../compose/exact.ts';
import type { Part } from '../compose/parts.ts';
import { knownLabels, type KnownLabels } from '../model/classifier.ts';
import type { ChatManner } from '../tokenizer/chat-manner.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { once } from '../once.ts';
import { lineageOf, type Lineage } from './lineage.ts';
import { mannerOf } from './manner.ts';
import type { MergeBases } from './merge-bases.ts';
import { openHead } from './open-head.ts';
import { tellAll } from './open-model.ts';
import { openParts } from './open-parts.ts';

export type Blend = {
  /** What is merged into, and written with. */
  base: Checkpoint;
  bases: MergeBases;
  parts: readonly Part[];
  /** Their weighted sum; it has no modules where there are no adapters. Errors: those of `composeExactly`. */
  sum: () => Adapter;
  /** Of a classifier; null for a model that predicts the next token. */
  labels: KnownLabels | null;
  manner: ChatManner;
  tokenizer: Tokenizer;
  lineage: Lineage;
};

/**
 * @param otherBase see `lineageOf`
 * Errors: those of `openParts`, `lineageOf` and `openHead`; those of the tokenizer.
 */
export async function openBlend(
  bases: MergeBases,
  sources: readonly AdapterSource[],
  otherBase: boolean,
  context: EngineContext,
): Promise<Blend> {
  const { into: base } = bases;
  const read = openParts(sources, base, context);
  const lineage = await lineageOf(bases, sources, otherBase, context);
  const head = openHead(
    read.map(({ adapter }) => adapter),
    read.map(({ path }) => path),
    base,
  );
  const labels = head && knownLabels(head.labels);
  const parts = read.map((part, i) => ({
    ...part,
    adapter: { ...(head?.adapters[i] ?? part.adapter), labels },
  }));
  const sumOf = once((all: readonly Part[]) =>
    all.length === 0 ? noAdapter : { ...composeExactly(all), labels },
  );
  if (parts.length > 0 && labels === null) tellAll(context, tellIdle(parts));
  const manner = mannerOf({ adapters: [...sources] }, context);
  const tokenizer = createTokenizer(base.tokenizer, base.config, manner);
  tellAll(context, [...tellThinking(manner), ...base.architecture.notices, ...tokenizer.notices]);
  return { base, bases, parts, sum: () => sumOf(parts), labels, manner, tokenizer, lineage };
}

function tellIdle(parts: readonly Part[]): string[] {
  const modules = parts.flatMap(({ adapter }) => [...adapter.modules.values()]);
  // DoRA's lengths of rows change the base without B.
  const isIdle = ({ b, magnitude }: AdapterModule) =>
    magnitude === null && b.every((value) => value === 0);
  return modules.every(isIdle)
    ? ['The adapter changes nothing yet: B is 0 in every module. What is written equals the base.']
    : [];
}

/** Other programs ask in their own manner. */
function tellThinking({ thinking }: ChatManner): string[] {
  if (thinking === 'auto') return [];
  return [
    `The adapter learnt with thinking ${thinking}: ask the merged model with enable_thinking=${String(thinking === 'on')}, too.`,
  ];
}
