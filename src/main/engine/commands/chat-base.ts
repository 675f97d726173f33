/** The base of a chat, opened: its files, its tokenizer for each manner, and the loaded model, which is built anew when it has no room. */
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { stateOf } from '../origin/fingerprint-cache.ts';
import { once } from '../once.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { adapterFolder, adapterPaths } from '../checkpoint/peft-adapter.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { ChatManner } from '../tokenizer/chat-manner.ts';
import { ChatModel, type AskedAdapter } from './chat-model.ts';
import { chatRoom } from './chat-room.ts';
import { openAdapter } from './open-adapter.ts';
import { openHead } from './open-head.ts';
import { tokenizerOf, type OpenModel } from './open-model.ts';
import { refuseLongAnswers } from './refuse-long-answers.ts';
import { refuseWithoutNextToken } from './task-of.ts';
import { tellOtherBase } from './tell-other-base.ts';

type Asked = Pick<EngineRequest<'chat'>, 'columns' | 'nearby'>;
type Ready = { model: ChatModel; places: ReadonlyMap<string, number>; loaded: boolean };

export class ChatBase {
  private readonly opened: Checkpoint;
  private readonly checkpoint: Checkpoint;
  private readonly computeType: ComputeType;
  private readonly tokenizers = new Map<string, ReturnType<typeof tokenizerOf>>();
  private model: ChatModel | null = null;
  /** Adapters of which has been told what is to be said of them, since the model was loaded. */
  private readonly told = new Set<string>();
  /** What is to be said of those that were opened before anybody asked them. */
  private readonly unsaid = new Map<string, string[]>();

  /** @param opened the files, which are closed with it; @param checkpoint as they are held */
  constructor(opened: Checkpoint, checkpoint: Checkpoint, computeType: ComputeType) {
    this.opened = opened;
    this.checkpoint = checkpoint;
    this.computeType = computeType;
    refuseWithoutNextToken({ checkpoint, labels: checkpoint.architecture.labels });
  }

  /** Of the base, for what is held against it. */
  get files(): Pick<OpenModel, 'checkpoint'> {
    return { checkpoint: this.checkpoint };
  }

  tokenizer(manner: ChatManner): ReturnType<typeof tokenizerOf> {
    const key = JSON.stringify(manner);
    const known = this.tokenizers.get(key) ?? tokenizerOf({ checkpoint: this.checkpoint }, manner);
    this.tokenizers.set(key, known);
    return known;
  }

  /**
   * The loaded model with the asked adapters in their places.
   * @param tokens of the longest prompt and its answer
   * Errors: task/no-next-token, engine/answer-too-long, those of `openAdapter`.
   */
  ready({ columns, nearby }: Asked, tokens: number, context: EngineContext): Ready {
    const paths = [...new Set(columns.flatMap(({ adapters }) => adapters.map(({ path }) => path)))];
    const asked = paths.map((path) => this.askedAdapter(path, context));
    const { model } = this;
    if (model && model.room.rows >= columns.length && model.room.cacheLength >= tokens) {
      const places = model.place(asked);
      if (places) {
        this.tellFirst(paths, context);
        return { model, places, loaded: false };
      }
    }
    this.told.clear();
    this.unsaid.clear();
    this.tellFirst(paths, context);
    const others = nearby
      .filter((path) => !paths.includes(path))
      .flatMap((path) => this.likelyAdapter(path) ?? []);
    const room = chatRoom(
      ...([columns.length, tokens, this.checkpoint.config.maxPositionEmbeddings] as const),
      asked.map(({ open }) => open()),
      others.map(({ open }) => open()),
      model?.room ?? null,
    );
    const { checkpoint, computeType } = this;
    refuseLongAnswers({ checkpoint, computeType }, room.rows, room.cacheLength);
    this.unload();
    const built = new ChatModel(checkpoint, computeType, room, context);
    this.model = built;
    const places = built.place(asked);
    if (!places) throw new RangeError('a room that is too small for what it was made for');
    built.offer(others);
    return { model: built, places, loaded: true };
  }

  dispose(): void {
    this.unload();
    this.opened.close();
  }

  private unload(): void {
    this.model?.dispose();
    this.model = null;
  }

  /** Of adapters that are asked for the first time. */
  private tellFirst(paths: readonly string[], { emit }: Pick<EngineContext, 'emit'>): void {
    const first = paths.filter((path) => !this.told.has(adapterKey(path)));
    tellOtherBase(this.checkpoint, first, { emit });
    for (const key of first.map(adapterKey)) {
      this.told.add(key);
      for (const text of this.unsaid.get(key) ?? []) emit({ kind: 'notice', text });
    }
  }

  private askedAdapter(path: string, context: EngineContext): AskedAdapter {
    const open = once((of: string) => this.open(of, context));
    return { key: adapterKey(path), open: () => open(path) };
  }

  private open(path: string, context: Pick<EngineContext, 'emit'>): Adapter {
    const adapter = openAdapter(path, this.checkpoint, context);
    const labels = openHead([adapter], [path], this.checkpoint)?.labels ?? null;
    refuseWithoutNextToken({ checkpoint: this.checkpoint, labels });
    return adapter;
  }

  /** Null for one that cannot be used; it says what is wrong with it when it is asked. */
  private likelyAdapter(path: string): AskedAdapter | null {
    try {
      const key = adapterKey(path);
      const notices: string[] = [];
      const emit: EngineContext['emit'] = (event) => {
        if (event.kind === 'notice') notices.push(event.text);
      };
      const adapter = this.open(path, { emit });
      this.unsaid.set(key, notices);
      return { key, open: () => adapter };
    } catch (thrown) {
      if (thrown instanceof LorikeetError) return null;
      throw thrown;
    }
  }
}

/** The adapter at `path` in the state that its files are in. */
export function adapterKey(path: string): string {
  const stamps = adapterPaths(adapterFolder(path)).map((file) => stateOf(file)?.stamp ?? null);
  return JSON.stringify([path, stamps]);
}
