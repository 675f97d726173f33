/** The same prompts answered by several adapters, which may have different bases: each base is loaded once. */
import type { AnswerGroup } from '../../shared/contract/answers.ts';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { EngineEvent } from '../../shared/contract/engine.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import { promptOf } from '../../shared/prompt-of.ts';
import { groupsByBase, type BaseGroup } from '../base-groups.ts';
import { describeModel } from '../library.ts';
import type { Studio } from '../studio.ts';

export function answerHandlers({ store, queries, publish }: Studio): FeatureHandlers<'answers'> {
  const working = new Set<AbortController>();

  return {
    'answers.ask': async ({ adapters: ids, base, prompts, maxNewTokens, temperature }) => {
      const stop = new AbortController();
      working.add(stop);
      const notices = new Set<string>();
      const all = groupsByBase(ids.map((id) => store.adapters.get(id)));

      const answer = async ({ model, adapters }: BaseGroup, before: string) => {
        const onEvent = (event: EngineEvent) => {
          if (event.kind === 'notice') notices.add(event.text);
          if (event.kind !== 'progress') return;
          const { phase, done, total } = event;
          publish({ kind: 'answers-progress', phase: `${before}${phase}`, done, total });
        };
        const described = await describeModel({ store, engine: queries }, model);
        const request = {
          ...{ model, base, precision: 'auto' as const },
          adapters: adapters.map(({ path }) => path),
          prompts: prompts.map((prompt) => promptOf(prompt, described)),
          options: { maxNewTokens, temperature, seed: 0 },
        };
        const answers = await queries.call('generate.table', request, {
          signal: stop.signal,
          onEvent,
        });
        const rows = [...(base ? [null] : []), ...adapters.map(({ id }) => id)];
        return rows.map((adapter, row) => ({ adapter, replies: answers[row] ?? [] }));
      };

      try {
        const groups: AnswerGroup[] = [];
        for (const [at, group] of all.entries()) {
          const { model, held } = group;
          const before = all.length > 1 ? `Base ${at + 1} of ${all.length}: ` : '';
          try {
            const rows = await answer(group, before);
            groups.push({ model, held, outcome: { kind: 'answered', rows } });
          } catch (thrown) {
            const problem = toProblem(thrown);
            if (problem.code === 'engine/cancelled') throw thrown;
            const adapters = group.adapters.map(({ id }) => id);
            groups.push({ model, held, outcome: { kind: 'failed', adapters, problem } });
          }
        }
        return { groups, notices: [...notices] };
      } finally {
        working.delete(stop);
      }
    },
    'answers.stop': () => {
      for (const stop of working) stop.abort();
    },
  };
}
