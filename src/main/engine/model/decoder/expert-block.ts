/** The feed-forward block of a layer with experts: its linear layers, and how it computes. */
import { keepable } from '../../graph/gradients/keep.ts';
import { island } from '../../graph/island.ts';
import { present, type Tensor } from '../../graph/node.ts';
import * as o from '../../graph/ops/index.ts';
import type { Experts, LayerContext, LinearLayer, Routed } from '../architecture.ts';
import { fromExperts, route, routedTokens, toExperts } from '../experts.ts';
import { sumOf } from '../float32.ts';
import { gatedUnit } from '../layer-parts.ts';
import type { ExpertsConfig } from './experts-config.ts';
import type { DecoderConfig, ExpertNames, LayerTraits } from './traits.ts';

const sharedPath = 'shared_expert';

export function expertsOf({ count, perToken, layers }: ExpertsConfig): Experts {
  const sparse = layers.flatMap((each, layer) => (each ? [layer] : []));
  return { count, perToken, layers: new Set(sparse) };
}

/** In the order of the forward pass: the router, each expert's three, those of the shared expert and its gate. */
export function expertLinears(
  { hiddenSize: hidden }: DecoderConfig,
  experts: ExpertsConfig,
  { block, gate, up, down }: ExpertNames,
): LinearLayer[] {
  const { layers } = expertsOf(experts);
  const linear = (group: string, name: string, path: string, inputs: number, out: number) => {
    return { name, path: `${block}.${path}`, in: inputs, out, bias: false, group, layers };
  };
  const three = (group: string, path: string, name: string, inner: number): LinearLayer[] => [
    linear(`${group}.gate_up`, `${name}.${gate}`, `${path}.${gate}`, hidden, inner),
    linear(`${group}.gate_up`, `${name}.${up}`, `${path}.${up}`, hidden, inner),
    linear(`${group}.down`, `${name}.${down}`, `${path}.${down}`, inner, hidden),
  ];
  const routed = Array.from({ length: experts.count }, (_, expert) =>
    three(`experts.${expert}`, `experts.${expert}`, 'experts', experts.innerSize),
  );
  const shared: LinearLayer[] =
    experts.sharedSize === 0
      ? []
      : [
          ...three('shared', sharedPath, sharedPath, experts.sharedSize),
          {
            ...linear('shared_gate', `${sharedPath}_gate`, `${sharedPath}_gate`, hidden, 1),
            gate: true,
          },
        ];
  return [
    { ...linear('router', 'gate', 'gate', hidden, experts.count), gate: true },
    ...routed.flat(),
    ...shared,
  ];
}

/** normed [N, D] of the products' type → what the block adds to the stream as terms [N, D], and what was routed where. */
export function expertBlock(
  at: LayerContext,
  experts: ExpertsConfig,
  { activation }: Pick<LayerTraits, 'activation'>,
  normed: Tensor,
): { terms: readonly Tensor[]; routed: Routed | null } {
  const { fusion, dtype } = at;
  const routing = route(fusion, at.project('router', normed), experts, experts.normed);
  const { rows } = routing;
  const groups = (part: string) =>
    Array.from({ length: experts.count }, (_, expert) => `experts.${expert}.${part}`);
  const gateUp = at.projectRuns(groups('gate_up'), toExperts(normed, rows), rows, 'summed');
  const inner = gatedUnit(fusion, gateUp, activation, dtype);
  const down = at.projectRuns(groups('down'), inner, rows, 'summed');
  const summed = down.reduce((sum, term) => o.add(sum, term));
  const terms = [fromExperts(fusion, summed, routing.weights, rows)];
  if (experts.sharedSize > 0) terms.push(sharedExpert(at, activation, normed));
  return { terms, routed: at.counted && routedTokens(routing, at.counted) };
}

/** σ(x·w) · shared(x): [N, D] float32. */
function sharedExpert(
  at: LayerContext,
  activation: LayerTraits['activation'],
  normed: Tensor,
): Tensor {
  const { fusion, dtype } = at;
  const inner = gatedUnit(
    fusion,
    at.project('shared.gate_up', normed, 'summed'),
    activation,
    dtype,
  );
  const gate = at.project('shared_gate', normed);
  const down = at.project('shared.down', inner, 'summed');
  const [weighed] = island(fusion, 'shared_expert', [...gate, ...down], (parts) => {
    const weight = o.sigmoid(sumOf(parts.slice(0, gate.length)));
    return [o.mul(weight, sumOf(parts.slice(gate.length)))];
  });
  return keepable(present(weighed));
}
