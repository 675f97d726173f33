/** Trying an adapter that tells texts apart: the texts, and what was told of them last. */
import type { CommandResponse } from '../../shared/contract/commands.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';
import { TextsToTell, type Texts } from './texts.svelte.ts';

export class ClassifierTrial extends TextsToTell {
  asking = $state(false);
  told = $state.raw<(CommandResponse<'adapters.classify'> & { texts: Texts }) | null>(null);
  problem = $state.raw<Problem | null>(null);

  async ask(id: number): Promise<void> {
    const { texts } = this;
    if (this.asking || texts === null) return;
    this.asking = true;
    this.problem = null;
    try {
      this.told = { ...(await call('adapters.classify', { id, texts })), texts };
    } catch (thrown) {
      this.problem = toProblem(thrown);
    } finally {
      this.asking = false;
    }
  }
}
