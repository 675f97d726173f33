/** How a command writes conversations: as it is told, or as the runs of its adapters did. */
import type { EngineContext, ModelSource } from '../../../shared/contract/engine.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { usualManner, type ChatManner } from '../tokenizer/chat-manner.ts';
import { learntConfigs } from './learnt-configs.ts';

/** Tells where adapters learnt in different manners, or are asked in another than they learnt in. */
export function mannerOf(
  { adapters, thinking, date }: Pick<ModelSource, 'adapters' | 'thinking' | 'date'>,
  context: Pick<EngineContext, 'emit'>,
): ChatManner {
  const tell = (text: string) => {
    context.emit({ kind: 'notice', text });
  };
  const usual = usualManner();
  const learnt = adapters.flatMap(({ path }) => learntManners(path, tell));
  const [first = usual, ...others] = learnt;
  if (others.some((other) => other.thinking !== first.thinking || other.date !== first.date)) {
    tell(
      `The adapters learnt with different dates or settings of thinking; all are asked as the first, with ${first.date} and thinking ${first.thinking}.`,
    );
  }
  if (learnt.length > 0 && thinking !== undefined && thinking !== first.thinking) {
    tell(`The adapter learnt with thinking ${first.thinking} and is asked with ${thinking}.`);
  }
  return { thinking: thinking ?? first.thinking, date: date ?? first.date };
}

/** None where its record cannot be read, which is told. */
function learntManners(path: string, tell: (text: string) => void): ChatManner[] {
  try {
    return learntConfigs(path).map(({ thinking, date }) => ({
      thinking,
      date: date ?? usualManner().date,
    }));
  } catch (thrown) {
    const { what } = toProblem(thrown);
    tell(`How the adapter in ${path} was asked while it learnt is not known: ${what}`);
    return [];
  }
}
