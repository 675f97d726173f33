/** Runs the steps that are not done yet, a line each. */
import { say, seconds } from '../lib/say.ts';
import type { Step } from './step.ts';

/** Returns how many steps had work to do. Says nothing when all is done already. */
export async function runSteps(steps: Step[]): Promise<number> {
  let worked = 0;
  for (const step of steps) {
    if (step.done()) continue;
    const started = performance.now();
    say(`• ${step.name} …`);
    await step.run((what) => {
      say(`  ${what}`);
    });
    say(`✓ ${step.name} (${seconds(performance.now() - started)})`);
    worked += 1;
  }
  return worked;
}
