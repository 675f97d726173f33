/** The playground: the open conversation, what is being asked, and the list of all conversations; kept when the page is left. */
import type {
  ChatAnswer,
  ChatTurn,
  Conversation,
  ConversationHead,
} from '../../shared/contract/chat.ts';
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { AdapterRecord } from '../../shared/contract/records.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';
import { chatFormOf, chatSetupOf, emptyChat, lackOfChat, withColumn } from '../lib/chat-form.ts';
import { advanced, type WorkProgress } from '../lib/work-progress.ts';
import { Corrections, type AnswerPlace } from './corrections.svelte.ts';
import { library } from './library.svelte.ts';
import type { LoadState } from './load-state.ts';

/** What is asked now: which turn it will be, and what each column has written of it. */
type Asking = { asked: string; turn: number; written: readonly Written[] };
type Written = { column: number; text: string };

export class Playground {
  heads = $state.raw<readonly ConversationHead[]>([]);
  load = $state.raw<LoadState>({ kind: 'loading' });
  /** The open one; null for one that nothing was asked in yet. */
  chat = $state.raw<Conversation | null>(null);
  form = $state.raw(emptyChat(null));
  question = $state('');
  asking = $state.raw<Asking | null>(null);
  stopping = $state(false);
  progress = $state.raw<WorkProgress | null>(null);
  problem = $state.raw<Problem | null>(null);
  notices = $state.raw<readonly string[]>([]);
  readonly corrections = new Corrections();

  setup = $derived(chatSetupOf(this.form));
  lack = $derived(lackOfChat(this.form));
  /** The chosen model tells texts apart, and has no conversation. */
  classifies = $derived.by(() => {
    const description = library.modelByPath(this.form.model)?.description;
    if (description === undefined) return false;
    return description.labels !== null || !description.tasks.includes('causal-lm');
  });
  turns = $derived<readonly ChatTurn[]>(this.chat?.turns ?? []);

  async refresh(): Promise<void> {
    try {
      this.heads = await call('chats.list', undefined);
      this.load = { kind: 'ready' };
    } catch (thrown) {
      this.load = { kind: 'failed', problem: toProblem(thrown) };
    }
  }

  /** Chooses a model where there is no choice yet. */
  settle(): void {
    const [first] = library.models;
    if (this.form.model === null && first) this.form = { ...this.form, model: first.path };
  }

  /** An empty conversation with those who answer now. */
  begin(): void {
    if (this.asking !== null) return;
    this.chat = null;
    this.problem = null;
    this.notices = [];
  }

  /** An empty conversation with this adapter beside its base. */
  beginWith({ id, model }: AdapterRecord): void {
    if (this.asking !== null) return;
    this.begin();
    this.form = withColumn(emptyChat(model), [], id);
  }

  async open(id: number): Promise<void> {
    if (this.asking !== null) return;
    const chat = await call('chats.get', { id });
    this.begin();
    this.chat = chat;
    // An adapter that is gone answers no more.
    const { adapted, ...form } = chatFormOf(chat.setup);
    const known = adapted.map(({ key, parts }) => {
      return { key, parts: parts.filter((part) => library.adapterById(part.id) !== null) };
    });
    this.form = { ...form, adapted: known.filter(({ parts }) => parts.length > 0) };
  }

  /** Asks what is written in the field. */
  async ask(): Promise<void> {
    const { question } = this;
    if (question.trim() === '') return;
    this.question = '';
    if (await this.#ask(question, this.turns.length)) return;
    // What could not be asked is not lost, and stands before what was typed meanwhile.
    this.question = [question, this.question].filter((text) => text.trim() !== '').join('\n\n');
  }

  /** Asks the last question again, whose answers go. */
  async askAgain(): Promise<void> {
    const last = this.turns.at(-1);
    if (last) await this.#ask(last.asked, this.turns.length - 1);
  }

  async stop(): Promise<void> {
    if (this.asking === null) return;
    this.stopping = true;
    await call('chats.stop', undefined);
  }

  /** Marks an answer of the open conversation as data, with this text, or as none. */
  async mark(turn: number, column: number, right: string | null): Promise<void> {
    if (this.chat === null) return;
    const { id } = this.chat;
    const was = this.turns[turn]?.answers.find((answer) => answer.column === column);
    const chat = await call('chats.mark', { id, turn, column, right });
    if (this.chat.id === id) this.chat = chat;
    this.#putAside({ chat: id, turn, column }, was ?? null, right);
    await this.refresh();
  }

  async rename(id: number, name: string): Promise<void> {
    await call('chats.rename', { id, name });
    if (this.chat?.id === id) this.chat = { ...this.chat, name };
    await this.refresh();
  }

  async remove(id: number): Promise<void> {
    await call('chats.remove', { id });
    this.corrections.dropFrom(id, 0);
    if (this.chat?.id === id) this.begin();
    await this.refresh();
  }

  apply(event: StudioEvent, now = performance.now()): void {
    if (event.kind === 'chat-progress') this.progress = advanced(this.progress, event, now);
    if (event.kind === 'chat-answer' && this.asking !== null) {
      const { column, text } = event;
      const others = this.asking.written.filter((each) => each.column !== column);
      this.asking = { ...this.asking, written: [...others, { column, text }] };
    }
  }

  /** A correction that counts is no draft any more, and one that counts no more is a draft again. */
  #putAside(place: AnswerPlace, was: ChatAnswer | null, right: string | null): void {
    if (this.corrections.of(place)?.text === right) this.corrections.drop(place);
    if (right === null && was !== null && was.right !== null && was.right !== was.text)
      this.corrections.put(place, was.right, false);
  }

  /** Says whether it is in the conversation now. */
  async #ask(asked: string, turn: number): Promise<boolean> {
    const { setup } = this;
    if (setup === null || this.asking !== null) return false;
    this.asking = { asked, turn, written: [] };
    this.problem = null;
    this.progress = null;
    try {
      const id = this.chat?.id ?? null;
      const { chat, notices, problem } = await call('chats.ask', {
        ...{ id, setup, after: turn, asked },
      });
      this.chat = chat;
      this.problem = problem;
      this.corrections.dropFrom(chat.id, turn);
      this.notices = notices;
      return true;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      return false;
    } finally {
      this.asking = null;
      this.progress = null;
      this.stopping = false;
      await this.refresh();
    }
  }
}

export const playground = new Playground();
