/** Text to token ids and back, and conversations to text, with a model's own vocabulary and template. */
import type { Message } from '../../../shared/contract/engine.ts';

export interface Tokenizer {
  readonly vocabSize: number;
  readonly bosTokenId: number | null;
  /** The token that ends a turn; generation stops at it. */
  readonly eosTokenId: number;
  readonly hasChatTemplate: boolean;
  /** Special tokens in the text are recognised, none is added. */
  encode(text: string): number[];
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string;
  renderChat(messages: readonly Message[], options: { addGenerationPrompt: boolean }): string;
}
