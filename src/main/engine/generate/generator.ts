/** A loaded model that answers prompts, several at once. */
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { Session } from '../graph/session.ts';
import { Answers } from './answers.ts';
import { generateProgram, type GenerateProgramOptions } from './program.ts';

export class Generator {
  private readonly session: Session;
  private readonly answers: Answers;

  /**
   * Builds the program and fills the weights. Has to be disposed of.
   * @param parameters [P] A and B of all adapters, in the order of the layout; empty without adapters
   */
  constructor(
    options: GenerateProgramOptions,
    checkpoint: Checkpoint,
    parameters: Float32Array,
    onTensor?: (done: number, total: number) => void,
  ) {
    const program = generateProgram(options);
    this.session = new Session(program.program);
    program.weights.load(this.session, checkpoint, onTensor);
    this.answers = new Answers(options, program, this.session);
    this.setAdapters(parameters);
  }

  /** See `Answers.setAdapters`. */
  setAdapters(parameters: Float32Array): void {
    this.answers.setAdapters(parameters);
  }

  /** See `Answers.generate`. */
  generate(...asked: Parameters<Answers['generate']>): Promise<number[][]> {
    return this.answers.generate(...asked);
  }

  dispose(): void {
    this.session.dispose();
  }
}
