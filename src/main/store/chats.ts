/** Conversations of the playground. */
import { z } from 'zod';
import {
  conversation,
  conversationHead,
  type Conversation,
  type ConversationHead,
} from '../../shared/contract/chat.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import type { Connection } from './connection.ts';
import { column, insert, json, select } from './rows.ts';

const fields = Object.keys(conversation.shape);
const row = conversation.extend({
  setup: json(conversation.shape.setup),
  turns: json(conversation.shape.turns),
  plain: z.int().transform((value) => value === 1),
});
const heads = `select id, name, changed_at as "changedAt", turn_count as turns, right_count as "right" from chats`;
/** What changes as it goes on. */
const changing = ['setup', 'plain', 'turns', 'turnCount', 'rightCount', 'changedAt'];

export type NewConversation = Omit<Conversation, 'id'>;

export class ChatStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** The one that was changed last first. */
  list(): ConversationHead[] {
    const found = this.#store.prepare(`${heads} order by changed_at desc, id desc`).all();
    return z.array(conversationHead).parse(found);
  }

  /** Fails with 'studio/not-found'. */
  get(id: number): Conversation {
    const found = this.#store
      .prepare(`select ${select(fields, 'chats')} from chats where id = ?`)
      .get(id);
    if (found !== undefined) return row.parse(found);
    throw lorikeetError('studio/not-found', { kind: 'conversation', name: String(id) });
  }

  add(chat: NewConversation): number {
    const add = this.#store.prepare(insert('chats', ['name', 'createdAt', ...changing]));
    return Number(add.run({ ...chat, ...stored(chat) }).lastInsertRowid);
  }

  /** Keeps how it went on. Fails with 'studio/not-found'. */
  put(chat: Conversation): void {
    const set = changing.map((field) => `${column(field)} = @${field}`).join(', ');
    const put = this.#store.prepare(`update chats set ${set} where id = @id`);
    if (put.run({ id: chat.id, ...stored(chat) }).changes === 0) this.get(chat.id);
  }

  rename(id: number, name: string): void {
    this.#store.prepare('update chats set name = ? where id = ?').run(name, id);
  }

  remove(id: number): void {
    this.#store.prepare('delete from chats where id = ?').run(id);
  }
}

function stored({ setup, plain, turns, changedAt }: NewConversation) {
  const right = turns.flatMap(({ answers }) => answers).filter((answer) => answer.right !== null);
  return {
    ...{ setup: JSON.stringify(setup), plain: plain ? 1 : 0, turns: JSON.stringify(turns) },
    ...{ turnCount: turns.length, rightCount: right.length, changedAt },
  };
}
