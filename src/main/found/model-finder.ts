/** Models on this computer that can be chosen without a download, with what their files say. */
import type { ModelDescription } from '../../shared/contract/records.ts';
import type { FoundModels, ModelLook } from '../../shared/contract/found-models.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Candidate } from './candidate.ts';
import { findCandidates } from './find-candidates.ts';
import { modelPlaces, thisMachine, type Machine } from './places.ts';

export type FinderParts = {
  /** What the files of a model say, by the checks of every model that is opened. */
  describe: (path: string) => Promise<ModelDescription>;
  /** How many of those that were found have been looked at. */
  tell: (done: number, total: number) => void;
  machine?: Machine;
};

/** The table of a large model's file takes a second or two to read. */
const mostMilliseconds = 120_000;

export class ModelFinder {
  readonly #parts: FinderParts;
  /** What was seen in files, by their state: those that have not changed are not read again. */
  readonly #seen = new Map<string, ModelLook>();
  readonly #names = new Map<string, string>();
  #working: Promise<FoundModels> | null = null;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  /** Looks again; who asks meanwhile gets the same answer. */
  find(): Promise<FoundModels> {
    this.#working ??= this.#find().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  /** How the program calls it that a model at this path was found with. */
  nameOf(path: string): string | undefined {
    return this.#names.get(path);
  }

  async #find(): Promise<FoundModels> {
    const { machine = thisMachine(), tell } = this.#parts;
    const { candidates, places, cut } = await findCandidates(modelPlaces(machine));
    const until = performance.now() + mostMilliseconds;
    const models: FoundModels['models'] = [];
    for (const candidate of candidates) {
      tell(models.length, candidates.length);
      const { path, name, program, also, bytes } = candidate;
      const look = await this.#lookAt(candidate, performance.now() < until);
      this.#names.set(path, name);
      models.push({ path, name, program, also, bytes, look });
    }
    return { models, places, cut };
  }

  async #lookAt(candidate: Candidate, inTime: boolean): Promise<ModelLook> {
    const { path, files, problem } = candidate;
    if (problem !== undefined) return { kind: 'unusable', problem };
    const state = JSON.stringify([path, files]);
    const seen = this.#seen.get(state);
    if (seen !== undefined) return seen;
    if (!inTime) return { kind: 'unread' };
    const look = await this.#describe(path);
    if (aboutFiles(look)) this.#seen.set(state, look);
    return look;
  }

  async #describe(path: string): Promise<ModelLook> {
    try {
      return { kind: 'usable', description: await this.#parts.describe(path) };
    } catch (thrown) {
      return { kind: 'unusable', problem: toProblem(thrown) };
    }
  }
}

/** What an engine that has ended says is no word about the model. */
function aboutFiles(look: ModelLook): boolean {
  return (
    look.kind === 'usable' ||
    (look.kind === 'unusable' && !/^(engine|internal)\//.test(look.problem.code))
  );
}
