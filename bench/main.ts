/** `npm run bench`: Lorikeet against PyTorch + PEFT, case by case. */
import { CommanderError } from 'commander';
import { join, resolve } from 'node:path';
import { project } from '../scripts/lib/project.ts';
import { say, seconds } from '../scripts/lib/say.ts';
import { cachePaths } from '../src/main/cache.ts';
import { cases } from './cases/index.ts';
import { parity } from './cases/parity.ts';
import type { Bench } from './lib/bench.ts';
import { busyShare, describeMachine, quiet } from './lib/machine.ts';
import { prepareMaterials } from './lib/materials.ts';
import { Opponents } from './lib/opponents.ts';
import { benchPython } from './lib/python.ts';
import { benchOpening, renderReport, writeReport } from './lib/report.ts';
import { renderCase, type CaseResult } from './lib/result.ts';
import { defaults, type Settings } from './lib/settings.ts';
import { sidesWith, using, type Sides } from './lib/sides.ts';
import { explanation, profile } from './profile/profile.ts';
import { readOptions, type BenchOptions } from './options.ts';

/** Resolves with the exit code: 0, 1 when a case failed, 2 for a wrong call. Set-up for the terminal has to be done. */
export async function bench(args: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  if (options.profile) return runProfile(options);
  const venv = options.venv ?? process.env['LORIKEET_BENCH_VENV'];
  const sides = sidesWith(await benchPython(venv ? resolve(venv) : undefined));
  const materials = await prepareMaterials(options.model ?? cachePaths().starterModel);
  const setting: Bench = {
    settings: settingsOf(options),
    materials,
    sides,
    opponents: new Opponents(),
  };
  try {
    return options.parity ? await runParity(setting) : await runCases(setting, options);
  } finally {
    materials.dispose();
  }
}

function settingsOf(options: BenchOptions): Settings {
  const { precision, keep, jobs, targetLoss, newTokens } = options;
  return {
    ...defaults,
    counted: options.steps ?? (options.quick ? 2 : defaults.counted),
    sizes: options.sizes ?? defaults.sizes,
    own: { precision, keep },
    jobs,
    targetLoss,
    newTokens,
    randomModels: options.models ?? defaults.randomModels,
  };
}

/** It needs no PyTorch. */
async function runProfile(options: BenchOptions): Promise<number> {
  const machine = describeMachine(await warnedBusy('Products look slower than they are.'), {});
  const materials = await prepareMaterials(options.model ?? cachePaths().starterModel);
  try {
    const results = await profile({ settings: settingsOf(options), materials });
    const report = renderReport(['# Where a step goes', explanation], machine, results, []);
    if (options.output !== undefined) await writeReport(resolve(options.output), report);
    console.log(report);
  } finally {
    materials.dispose();
  }
  return 0;
}

async function runParity(setting: Bench): Promise<number> {
  const result = await parity(setting);
  console.log(renderCase(result));
  return result.failures.length > 0 ? 1 : 0;
}

/** A case that fails does not keep the others from running; the report is written after each, so that none is lost. */
async function runCases(setting: Bench, options: BenchOptions): Promise<number> {
  const busy = await warnedBusy(
    "PyTorch's threads wait for each other by spinning and suffer from it more than Lorikeet's: the ratios will flatter Lorikeet.",
  );
  const machine = describeMachine(busy, await versions(setting.sides));
  const results: CaseResult[] = [];
  const failures: string[] = [];
  const output = outputOf(options);
  for (const name of options.case) {
    const started = performance.now();
    say(`\n── ${name}`);
    try {
      const result = await cases[name](setting);
      results.push(result);
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      say(`✗ ${failures.at(-1) ?? ''}`);
    }
    say(`  (${seconds(performance.now() - started)})`);
    if (output !== null)
      await writeReport(output, renderReport(benchOpening, machine, results, failures));
  }
  console.log(renderReport(benchOpening, machine, results, failures));
  return failures.length > 0 ? 1 : 0;
}

/** The share that other programs take of the processor; where it is much, says so and what comes of it. */
async function warnedBusy(effect: string): Promise<number> {
  const busy = await busyShare();
  if (busy > quiet) {
    say(`! Other programs use ${Math.round(100 * busy)} % of the processor. ${effect}`);
  }
  return busy;
}

/** A part of the bench must not take the place of the results of the whole. */
function outputOf({ output, case: names, model }: BenchOptions): string | null {
  if (output !== undefined) return resolve(output);
  const whole = names.length === Object.keys(cases).length && model === undefined;
  return whole ? join(project, 'bench/RESULTS.md') : null;
}

function versions(sides: Sides): Promise<Record<string, string>> {
  return using(sides.peer(), async (peer) => (await peer.ask('hello', {})).versions);
}
