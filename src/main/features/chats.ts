/** Conversations of the playground: asked, kept, and made into data. */
import { join } from 'node:path';
import { chatExamples, chatPrompt } from '../../shared/chat-history.ts';
import type { ChatQuestion, ChatSetup } from '../../shared/contract/chat.ts';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { lorikeetError, toProblem } from '../../shared/errors/lorikeet-error.ts';
import { localDate } from '../../shared/local-date.ts';
import { slug } from '../../shared/slug.ts';
import { addWrittenData } from '../chat-data.ts';
import { columnName, sourcesOf } from '../chat-columns.ts';
import { keepQuestion } from '../kept-question.ts';
import { describeModel } from '../library.ts';
import { writeNewFile } from '../new-file.ts';
import type { NewConversation } from '../store/chats.ts';
import type { Studio } from '../studio.ts';

/** Characters of the first question that name a conversation. */
const longestName = 60;

export function chatHandlers(studio: Studio): FeatureHandlers<'chats'> {
  const { store, known, queries, paths, publish } = studio;
  const working = new Set<AbortController>();

  async function begun({ id, setup, after, asked }: ChatQuestion): Promise<NewConversation> {
    const { hasChatTemplate } = await describeModel({ store, engine: queries }, setup.model);
    const plain = !hasChatTemplate;
    const now = Date.now();
    if (id === null) {
      const name = asked.trim().replace(/\s+/g, ' ').slice(0, longestName);
      return { name, setup, plain, turns: [], createdAt: now, changedAt: now };
    }
    const chat = store.chats.get(id);
    return { ...chat, setup, plain, turns: chat.turns.slice(0, after), changedAt: now };
  }

  async function answersOf(chat: NewConversation, asked: string, signal: AbortSignal) {
    const { model, columns, maxNewTokens, temperature, topP, seed } = chat.setup;
    const notices: string[] = [];
    const { answers, loaded } = await queries.call(
      'chat',
      {
        ...{ model, precision: 'auto', nearby: nearbyOf(chat.setup) },
        columns: columns.map((column) => ({
          adapters: sourcesOf(column, model, store),
          prompt: chatPrompt(chat, column.key, asked),
        })),
        options: { maxNewTokens, temperature, topP, seed },
      },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'notice' && !notices.includes(event.text)) notices.push(event.text);
          if (event.kind === 'answer') {
            const column = columns[event.column]?.key ?? 0;
            publish({ kind: 'chat-answer', column, text: event.text });
          }
          if (event.kind !== 'progress') return;
          const { phase, done, total } = event;
          publish({ kind: 'chat-progress', phase, done, total });
        },
      },
    );
    return { answers, loaded, notices };
  }

  /** All adapters of the base that answer, so that a change to one of them finds room. */
  function nearbyOf({ model }: ChatSetup): string[] {
    const own = store.adapters.list().filter((each) => each.model === model);
    return own
      .filter(({ labels }) => labels === null)
      .slice(0, mostNearby)
      .map(({ path }) => path);
  }

  return {
    'chats.list': () => store.chats.list(),
    'chats.get': ({ id }) => {
      const chat = store.chats.get(id);
      known.add(chat.setup.model);
      return chat;
    },
    'chats.ask': async (question) => {
      const { id, asked, setup } = question;
      const chat = await begun({
        ...question,
        setup: { ...setup, model: known.model(setup.model) },
      });
      const kept = keepQuestion(store.chats, id, chat, asked);
      const stop = new AbortController();
      working.add(stop);
      try {
        const { answers, loaded, notices } = await answersOf(chat, asked, stop.signal);
        const given = chat.setup.columns.map((column, i) => {
          const answer = answers[i];
          if (!answer) throw new RangeError('a column without an answer');
          return { column: column.key, by: columnName(column, store), ...answer, right: null };
        });
        return { chat: kept.answered(given), loaded, notices, problem: null };
      } catch (thrown) {
        const problem = toProblem(thrown);
        if (problem.code === 'engine/stopped')
          return { chat: kept.unanswered(), loaded: false, notices: [], problem };
        kept.takeBack();
        throw thrown;
      } finally {
        working.delete(stop);
      }
    },
    'chats.stop': () => {
      for (const stop of working) stop.abort();
    },
    'chats.mark': ({ id, turn, column, right }) => {
      const chat = store.chats.get(id);
      const marked = chat.turns[turn]?.answers.find((answer) => answer.column === column);
      if (!marked) {
        const name = `${column} of turn ${turn + 1}`;
        throw lorikeetError('studio/not-found', { kind: 'answer', name });
      }
      marked.right = right;
      store.chats.put(chat);
      return chat;
    },
    'chats.rename': ({ id, name }) => {
      store.chats.rename(id, name);
    },
    'chats.remove': ({ id }) => {
      store.chats.remove(id);
    },
    'chats.export': async ({ ids }) => {
      const chats = (ids ?? store.chats.list().map(({ id }) => id)).map((id) =>
        store.chats.get(id),
      );
      const [only, ...others] = chats;
      const name = others.length === 0 && only ? only.name : 'playground';
      const lines = chats.flatMap(chatExamples).map((line) => `${JSON.stringify(line)}\n`);
      if (lines.length === 0) throw lorikeetError('studio/no-right-answer', { name });
      const file = `${slug(name, 'chat')}-${localDate()}.jsonl`;
      const path = writeNewFile(join(paths.data, file), lines.join(''));
      await addWrittenData(studio, path);
      return { path, examples: lines.length };
    },
  };
}

/** Reading more of them would take longer than the room is worth. */
const mostNearby = 8;
