/** Blends: adapters of one base put together, measured and tried before they are saved as an adapter. */
import type { CommandRequest, FeatureHandlers } from '../../shared/contract/commands.ts';
import type { EngineEvent } from '../../shared/contract/engine.ts';
import { promptOf } from '../../shared/prompt-of.ts';
import { slug } from '../../shared/slug.ts';
import { BlendDraft, type Draft } from '../blend-draft.ts';
import { commonBase, commonHeldBase } from '../common-base.ts';
import { describeModel } from '../library.ts';
import type { Studio } from '../studio.ts';
import { tellLabels } from '../tell-labels.ts';

type Blend = CommandRequest<'blends.figures'>;
/** For the engine calls of one command. */
type Call = { signal: AbortSignal; onEvent: (event: EngineEvent) => void };

export function blendHandlers({
  store,
  queries,
  paths,
  publish,
}: Studio): FeatureHandlers<'blends'> {
  const drafts = new BlendDraft(paths.adapters, queries);
  const working = new Set<AbortController>();
  /** There is one draft, so that one command at a time may use it. */
  let turn: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(work: (call: Call) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    working.add(stop);
    const call = { signal: stop.signal, onEvent: tell };
    const mine = turn.then(() => work(call));
    turn = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      working.delete(stop);
    }
  }

  function tell(event: EngineEvent): void {
    if (event.kind !== 'progress') return;
    const { phase, done, total } = event;
    publish({ kind: 'blend-progress', phase, done, total });
  }

  function partsOf({ adapters }: Blend) {
    return adapters.map(({ id, weight }) => ({ adapter: store.adapters.get(id), weight }));
  }

  function draftOf(blend: Blend, call: Call): Promise<Draft> {
    const { kind, rank, density, seed, otherBase } = blend;
    const parts = partsOf(blend);
    const model = commonBase(parts.map(({ adapter }) => adapter));
    const adapters = parts.map(({ adapter: { path }, weight }) => ({ path, weight }));
    return drafts.of({ model, adapters, kind, rank, density, seed, otherBase }, call);
  }

  return {
    'blends.figures': (blend) =>
      inTurn(async (call) => {
        const { report, notices } = await draftOf(blend, call);
        return { report, notices: [...notices] };
      }),
    'blends.try': ({ prompt, maxNewTokens, temperature, ...blend }) =>
      inTurn(async (call) => {
        const { folder } = await draftOf(blend, call);
        const adapters = partsOf(blend).map(({ adapter }) => adapter);
        const model = commonBase(adapters);
        const sources = [...adapters.map(({ path }) => path), folder];
        const alone = sources.map((_, on) => sources.map((_, i) => (i === on ? 1 : 0)));
        const notices: string[] = [];
        const [base, ...answers] = await queries.call(
          'generate.variants',
          {
            ...{ model, adapters: sources, precision: 'auto' },
            variants: [sources.map(() => 0), ...alone],
            prompt: promptOf(prompt, await describeModel({ store, engine: queries }, model)),
            options: { maxNewTokens, temperature, seed: 0 },
          },
          {
            ...call,
            onEvent: (event) => {
              if (event.kind === 'notice') notices.push(event.text);
              tell(event);
            },
          },
        );
        const blended = answers.pop();
        if (!base || !blended) throw new RangeError('a variant without an answer');
        return { base, parts: answers, blend: blended, notices };
      }),
    'blends.classify': ({ texts, ...blend }) =>
      inTurn(async (call) => {
        const { folder } = await draftOf(blend, call);
        const adapters = partsOf(blend).map(({ adapter }) => adapter);
        const folders = [...adapters.map(({ path }) => path), folder];
        const asked = { model: commonBase(adapters), adapters, folders };
        const { base, adapted } = await tellLabels({ store, queries }, asked, texts, call);
        const blended = adapted.pop();
        if (!blended) throw new RangeError('a blend without an answer');
        return { base, parts: adapted, blend: blended };
      }),
    'blends.save': ({ name, ...blend }) =>
      inTurn(async (call) => {
        const draft = await draftOf(blend, call);
        const { rank, alpha, bytes } = draft.report;
        const adapters = partsOf(blend).map(({ adapter }) => adapter);
        const path = drafts.keep(draft, slug(name, 'blend'));
        const id = store.adapters.add({
          ...{ name, path, runId: null, model: commonBase(adapters), rank, alpha },
          // All are float32.
          parameters: bytes / Float32Array.BYTES_PER_ELEMENT,
          labels: adapters.find(({ labels }) => labels !== null)?.labels ?? null,
          base: commonHeldBase(adapters),
          createdAt: Date.now(),
          origin: await queries.call('origin.read', { path }),
        });
        publish({ kind: 'library-changed' });
        return store.adapters.get(id);
      }),
    'blends.stop': () => {
      for (const stop of working) stop.abort();
    },
  };
}
