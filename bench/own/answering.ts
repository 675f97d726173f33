/** Models that answer: the base alone and with an adapter, as the engine's `generate` command has them. */
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../src/main/engine/checkpoint/peft-adapter.ts';
import { Generator } from '../../src/main/engine/generate/generator.ts';
import { bankOf } from '../../src/main/engine/lora/adapter-bank.ts';
import { computeTypeOf, generationFusion } from '../../src/main/engine/policy.ts';
import type { OwnVariant, Replies, Requests } from '../protocol.ts';

export class Answering {
  /** By whether there is an adapter. */
  private readonly generators = new Map<boolean, Generator>();

  async load(request: Requests<OwnVariant>['loadGenerator']): Promise<Replies['loadGenerator']> {
    const { model, adapter, variant, promptLength, newTokens } = request;
    const checkpoint = await openCheckpoint(model);
    try {
      const { architecture } = checkpoint;
      const bank = bankOf(adapter === null ? [] : [readAdapter(adapter)], architecture);
      const computeType = computeTypeOf(variant.precision);
      const options = {
        architecture,
        layout: bank.layout,
        rows: 1,
        promptLength,
        cacheLength: promptLength + newTokens,
        computeType,
        fusion: generationFusion(architecture.config, newTokens),
      };
      const generator = new Generator(options, checkpoint, bank.parameters);
      this.generators.get(adapter !== null)?.dispose();
      this.generators.set(adapter !== null, generator);
      return { precision: computeType };
    } finally {
      checkpoint.close();
    }
  }

  /** Greedy, and past any end of turn, so that every answer has the same length. */
  async generate({
    adapted,
    prompt,
    newTokens,
  }: Requests<OwnVariant>['generate']): Promise<Replies['generate']> {
    const generator = this.generators.get(adapted);
    if (!generator) throw new Error('nothing is loaded');
    const sampling = { maxNewTokens: newTokens, temperature: 0, seed: 0, stopTokens: [] };
    const started = performance.now();
    const [tokens = []] = await generator.generate([prompt], [adapted ? [1] : []], sampling);
    return { seconds: (performance.now() - started) / 1000, tokens };
  }
}
