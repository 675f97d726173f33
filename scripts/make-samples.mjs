/** Writes resources/samples/*.jsonl anew: `node scripts/make-samples.mjs`. */
import { writeFileSync } from 'node:fs';
import { generateSamples, samples } from './samples/generate.ts';

const folder = new URL('../resources/samples/', import.meta.url);
for (const [part, pairs] of Object.entries(generateSamples(samples.seed))) {
  const text = pairs.map((pair) => JSON.stringify(pair) + '\n').join('');
  writeFileSync(new URL(`smart-home.${part}.jsonl`, folder), text);
  console.log(`smart-home.${part}.jsonl: ${pairs.length} pairs`);
}
