/** A link of a chain of origins as rows of label and value, and what of it is gone. */
import type { Origin, TrainingOrigin } from '../../shared/contract/origin.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { formatBytes, formatLoss } from '../../shared/format.ts';
import { sayLearntBase } from '../../shared/say-base.ts';
import { sayComposition } from '../../shared/say-origin.ts';
import type { Term } from '../../shared/settings/setting.ts';
import { trainingSettings } from '../../shared/settings/table.ts';
import { baseName } from './paths.ts';

/** `path` where the value is about a file or folder, whose fingerprint is `sha256`. */
export type Fact = Term & { value: string; file?: { path: string; sha256: string } };

const fileHelp =
  'With its fingerprint (sha256): computed from every byte, so that files with the same fingerprint are the same, wherever they lie.';

/** Base, data, seed and figures, as far as such a thing has them; its whole configuration is shown apart. */
export function originFacts(origin: Origin): Fact[] {
  const { base, versions } = origin;
  const tensorflow = versions.tensorflow === null ? '' : `, TensorFlow ${versions.tensorflow}`;
  return [
    { ...fileFact('Base model', base), value: base.name },
    ...ownFacts(origin),
    {
      label: 'Made with',
      help: 'The programs that computed it.',
      value: `Lorikeet ${versions.lorikeet}, Node ${versions.node}${tensorflow}`,
    },
  ];
}

function ownFacts(origin: Origin): Fact[] {
  switch (origin.kind) {
    case 'training': {
      const { data, config, result } = origin;
      return [
        ...data.map((file) => fileFact(file.role === 'training' ? 'Data' : 'Validation', file)),
        ...baseFact(config),
        {
          label: 'Seed',
          help: 'The same seed with the same settings gives the same adapter on this machine.',
          value: String(config.seed),
        },
        ...lossFact('Last loss', result.lastLoss),
        ...lossFact('Last validation loss', result.lastValidationLoss),
      ];
    }
    case 'blend':
      return [
        {
          label: 'Settings',
          help: 'The relative error says how far the blend is from the weighted sum of its parts.',
          value: sayComposition(origin),
        },
      ];
    case 'export':
      return [
        ...(origin.mergedInto === null ? [] : [fileFact('Merged into', origin.mergedInto)]),
        {
          label: 'Proof',
          help: 'The written files were read again and held against base and adapter.',
          value: `${origin.proof.passed ? 'passed' : 'not passed'}, ${formatBytes(origin.proof.bytes)}`,
        },
      ];
  }
}

function baseFact(config: TrainingConfig): Fact[] {
  const { label, help } = trainingSettings.base;
  const value = sayLearntBase(config);
  return value === null ? [] : [{ label, help, value }];
}

function fileFact(label: string, { path, sha256 }: { path: string; sha256: string }): Fact {
  return { label, help: fileHelp, value: baseName(path), file: { path, sha256 } };
}

function lossFact(label: string, loss: number | null): Fact[] {
  if (loss === null) return [];
  return [{ label, help: 'Nats per token, lower is better.', value: formatLoss(loss) }];
}

/** 'The base model a.gguf and the data b.jsonl are no longer where they were.'; null where everything is there. */
export function sayGone(origin: TrainingOrigin, gone: readonly string[]): string | null {
  const { config, data, startedFrom } = origin;
  const named = [
    { what: 'the base model', path: config.model },
    ...(startedFrom === null ? [] : [{ what: 'the first adapter', path: startedFrom.path }]),
    ...data.map(({ path, role }) => ({
      what: role === 'training' ? 'the data' : 'the validation data',
      path,
    })),
  ];
  const lost = named
    .filter(({ path }) => gone.includes(path))
    .map(({ what, path }) => `${what} ${baseName(path)}`);
  if (lost.length === 0) return null;
  const said = lost.join(' and ');
  const end = lost.length === 1 ? 'is no longer where it was' : 'are no longer where they were';
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${end}.`;
}
