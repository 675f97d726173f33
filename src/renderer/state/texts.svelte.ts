/** A text, or a pair, that is to be told apart. */
import type { CommandRequest } from '../../shared/contract/commands.ts';

export type Texts = CommandRequest<'adapters.classify'>['texts'];

export class TextsToTell {
  text = $state('');
  second = $state('');

  /** An adapter that learnt from pairs may be asked of a single text as well. */
  get texts(): Texts | null {
    if (this.text.trim() === '') return null;
    return this.second.trim() === '' ? [this.text] : [this.text, this.second];
  }
}
