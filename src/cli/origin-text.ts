/** A chain of origins as indented lines, newest first. */
import type { BaseOrigin, Origin, PartOrigin } from '../shared/contract/origin.ts';
import { sayLearntBase } from '../shared/say-base.ts';
import { madeElsewhere, sayComposition, sayOrigin, shortHash } from '../shared/say-origin.ts';
import { sayTargets } from '../shared/say-targets.ts';
import { formatBytes } from './format.ts';

/** What is at `path`, what it was made of, and so on down to bases and data. */
export function describeOrigin(path: string, origin: Origin | null): string {
  return [path, ...linesOf(origin).map(indent)].join('\n');
}

function linesOf(origin: Origin | null): string[] {
  if (origin === null) return [madeElsewhere];
  const { at, versions } = origin;
  return [
    `${sayOrigin(origin)}, ${minuteOf(at)}, Lorikeet ${versions.lorikeet}`,
    ...ownLines(origin).map(indent),
    ...baseLines(origin.base).map(indent),
  ];
}

function ownLines(origin: Origin): string[] {
  switch (origin.kind) {
    case 'training': {
      const { config, data, result } = origin;
      const losses = [
        ...(result.lastLoss === null ? [] : [`loss ${result.lastLoss.toFixed(4)}`]),
        ...(result.lastValidationLoss === null
          ? []
          : [`validation loss ${result.lastValidationLoss.toFixed(4)}`]),
      ];
      const { rank, alpha, targets } = config.lora;
      const base = sayLearntBase(config);
      return [
        `rank ${rank}, alpha ${alpha}, ${sayTargets(targets)}, learning rate ${config.learningRate}, seed ${config.seed}`,
        ...(base === null ? [] : [`base held: ${base}`]),
        ...(losses.length === 0 ? [] : [losses.join(', ')]),
        ...data.map(
          ({ role, path, sha256, bytes }) =>
            `${role === 'training' ? 'data' : 'validation'}  ${path} (${shortHash(sha256)}, ${formatBytes(bytes)})`,
        ),
        ...(origin.startedFrom === null ? [] : startLines(origin.startedFrom)),
      ];
    }
    case 'blend':
      return [sayComposition(origin), ...origin.parts.flatMap(partLines)];
    case 'export': {
      const { passed, bytes } = origin.proof;
      const proof = `proof ${passed ? 'passed' : 'FAILED'}, ${formatBytes(bytes)}`;
      const { mergedInto } = origin;
      const into = mergedInto === null ? [] : baseLines(mergedInto, 'merged into');
      return [proof, ...into, ...origin.parts.flatMap(partLines)];
    }
  }
}

function partLines({ path, weight, sha256, origin }: PartOrigin): string[] {
  return [`adapter  ${path} × ${weight} (${shortHash(sha256)})`, ...linesOf(origin).map(indent)];
}

function startLines({ path, sha256, origin }: PartOrigin): string[] {
  return [`started from  ${path} (${shortHash(sha256)})`, ...linesOf(origin).map(indent)];
}

function baseLines({ path, sha256, bytes, origin }: BaseOrigin, what = 'base'): string[] {
  const base = `${what}  ${path} (${shortHash(sha256)}, ${formatBytes(bytes)})`;
  return [base, ...(origin === null ? [] : linesOf(origin).map(indent))];
}

function indent(line: string): string {
  return `  ${line}`;
}

/** '2026-11-27 04:27', by the clock of this machine. */
function minuteOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}
