/** What can be wrong with an adapter while it trains. These do not end a run by themselves: they are its alarms. */
import type { Catalogue } from './problem.ts';

export const healthErrors = {
  'health/not-finite': (d: { modules: string }) => ({
    what: 'Values of the adapter, or of its gradient, are not finite: it cannot learn on from there.',
    where: d.modules,
    next: 'Start again with a lower learning rate; a third is a good first try. If it comes again at the same step, look at the data there.',
  }),
  'health/b-stays-zero': (d: { updates: number; modules: string }) => ({
    what: `After ${d.updates} updates B is still 0: here the adapter has learnt nothing and changes nothing.`,
    where: d.modules,
    next: 'No gradient reaches these modules. Train in float32, or take them out of the target modules.',
  }),
  'health/outweighs-base': (d: { ratio: number; modules: string }) => ({
    what: `The adapter changes weights by more than their own size: ‖ΔW‖ is up to ${d.ratio.toPrecision(2)} times ‖W‖.`,
    where: d.modules,
    next: 'The model may lose what it knew. Compare its answers with the base model; a lower learning rate, alpha or number of epochs keeps the change smaller.',
  }),
} satisfies Catalogue;
