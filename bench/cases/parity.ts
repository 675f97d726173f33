/** Whether Lorikeet computes on this very model what PyTorch + PEFT compute, in float32. */
import { openSafetensors } from '../../src/main/engine/checkpoint/safetensors-file.ts';
import { batchAt, packedWork, type Shape, type Work } from '../lib/batches.ts';
import { loadOf, type Bench } from '../lib/bench.ts';
import type { CaseResult } from '../lib/result.ts';
import { relativeDifference } from '../../test/main/engine/parity/difference.ts';
import { using, type Own, type Peer } from '../lib/sides.ts';
import { say } from '../../scripts/lib/say.ts';

const shape: Shape = { rows: 1, length: 256 };
const lossSteps = 50;
const ownVariant = { precision: 'float32', keep: 'products' } as const;
const peerVariant = { precision: 'float32', checkpointing: false } as const;

type Check = { what: string; found: number; limit: number };

/** Never passes by what it leaves out: `failures` names every check that is over its limit. */
export async function parity(bench: Bench): Promise<CaseResult & { failures: string[] }> {
  const { materials, settings } = bench;
  const layers = materials.architecture.config.numHiddenLayers;
  // B ≠ 0: with an adapter that does nothing a forgotten one would not show.
  const adapter = await materials.adapter({ rank: settings.rank, layers, trained: true });
  const work = packedWork(materials.train, shape);
  const checks = await using(bench.sides.own(), (own) =>
    using(bench.sides.peer(), async (peer) => {
      const sides = { own, peer };
      const load = { ...(await loadOf(bench, work)), adapter };
      say('• Logits, with an adapter …');
      const logits = await compareLogits(bench, sides, adapter);
      await own.ask('load', { ...load, variant: ownVariant });
      await peer.ask('load', { ...load, variant: peerVariant });
      say('• Gradients of a packed block …');
      const gradients = await compareGradients(bench, sides, work);
      say(`• ${lossSteps} losses …`);
      return [logits, ...gradients, await compareLosses(sides, work)];
    }),
  );
  const failed = checks.filter(({ found, limit }) => !(found <= limit));
  return {
    title: 'Parity with PyTorch + PEFT',
    notes: [
      `float32, an adapter on all linear modules with B ≠ 0. Tensors: largest difference over the largest element. Gradients and losses: packed blocks of ${shape.length} tokens with loss on the answers, AdamW with a learning rate of ${settings.learningRate}.`,
    ],
    tables: [
      {
        header: ['what', 'difference', 'limit', ''],
        rows: checks.map((check) => [
          check.what,
          check.found.toExponential(1),
          check.limit.toExponential(0),
          failed.includes(check) ? 'over the limit' : 'within',
        ]),
      },
    ],
    ratios: [],
    failures: failed.map(({ what }) => what),
  };
}

type Both = { own: Own; peer: Peer };

async function compareLogits(
  { materials }: Bench,
  { own, peer }: Both,
  adapter: string,
): Promise<Check> {
  const tokens = [...(materials.train[0]?.tokens ?? [])];
  const files = [materials.scratch('logits-own'), materials.scratch('logits-peer')] as const;
  const request = { model: materials.model, adapter, tokens };
  await own.ask('logits', { ...request, output: files[0] });
  await peer.ask('logits', { ...request, output: files[1] });
  const { worst } = compareFiles(...files);
  return { what: `logits of ${tokens.length} tokens`, found: worst, limit: 1e-4 };
}

async function compareGradients(
  { materials }: Bench,
  { own, peer }: Both,
  work: Work,
): Promise<Check[]> {
  const batch = batchAt(work, 0);
  const files = [materials.scratch('gradients-own'), materials.scratch('gradients-peer')] as const;
  const ours = await own.ask('gradient', { batch, output: files[0] });
  const theirs = await peer.ask('gradient', { batch, output: files[1] });
  const { worst, tensors } = compareFiles(...files);
  return [
    { what: 'loss of a packed block, nats', found: Math.abs(ours.loss - theirs.loss), limit: 1e-3 },
    { what: `gradients of A and B, worst of ${tensors} tensors`, found: worst, limit: 1e-3 },
  ];
}

async function compareLosses({ own, peer }: Both, work: Work): Promise<Check> {
  let found = 0;
  for (let turn = 0; turn < lossSteps; turn++) {
    const batch = batchAt(work, turn);
    const ours = await own.ask('step', { batch });
    const theirs = await peer.ask('step', { batch });
    found = Math.max(found, Math.abs(ours.loss - theirs.loss));
    if ((turn + 1) % 10 === 0) {
      say(`  ${turn + 1}: ${ours.loss.toFixed(5)} and ${theirs.loss.toFixed(5)}`);
    }
  }
  return { what: `${lossSteps} losses, largest difference, nats`, found, limit: 1e-3 };
}

/** Every tensor of the peer's file against the same of ours; a missing one throws. */
function compareFiles(own: string, peer: string): { worst: number; tensors: number } {
  const [ours, theirs] = [openSafetensors(own), openSafetensors(peer)];
  try {
    const found = [...theirs.tensors.keys()].map((name) =>
      relativeDifference(ours.read(name), theirs.read(name)),
    );
    return { worst: Math.max(...found), tensors: found.length };
  } finally {
    ours.close();
    theirs.close();
  }
}
