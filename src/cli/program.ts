/** All commands of `lorikeet`, with what they have in common. */
import { Command, type Option } from 'commander';
import { addClassify } from './commands/classify.ts';
import { addCompose } from './commands/compose.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExport } from './commands/export.ts';
import { addGenerate } from './commands/generate.ts';
import { addLogits } from './commands/logits.ts';
import { addMerge } from './commands/merge.ts';
import { addModels } from './commands/models.ts';
import { addOrigin } from './commands/origin.ts';
import { addResume } from './commands/resume.ts';
import { addRuns } from './commands/runs.ts';
import { addTrain } from './commands/train.ts';
import { version } from '../shared/version.ts';

/** A program that throws a CommanderError instead of ending the process. */
export function buildProgram(): Command {
  const program = new Command('lorikeet')
    .description('Fine-tunes transformer language models with LoRA on this machine.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .addHelpText(
      'after',
      '\nMODEL is the name of a model in the library, a .gguf file or a Hugging Face directory.' +
        '\nExit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted or paused.',
    );
  const commands = [
    addDoctor,
    addModels,
    addRuns,
    addTrain,
    addResume,
    addEvaluate,
    addGenerate,
    addClassify,
    addLogits,
    addMerge,
    addCompose,
    addExport,
    addOrigin,
    addDemo,
  ];
  for (const add of commands) add(program);
  for (const command of program.commands) refuseTwice(command);
  return program;
}

/** An option with a value that does not collect several is given once: commander would keep the last without a word. */
function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if (option.isBoolean() || option.parseArg) continue;
    let given = false;
    command.on(`option:${option.name()}`, () => {
      if (given) command.error(`error: ${option.long ?? option.name()} is given twice`);
      given = true;
    });
  }
}

/** What the option is for, with its default as it would be typed. */
function describeOption({ description, defaultValue }: Option): string {
  const typed = typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : '';
  return description + typed;
}
