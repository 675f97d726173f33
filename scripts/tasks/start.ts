/** `npm start`: the studio; where there is no screen, the same job in the terminal. */
import { buildStudio } from '../lib/build-studio.ts';
import { hasDisplay } from '../lib/display.ts';
import { RunError, runTool } from '../lib/run.ts';
import { say } from '../lib/say.ts';
import { electronEnvironment } from '../setup/electron/choice.ts';
import { setUp } from '../setup/index.ts';
import { task as cli } from './cli.ts';

export async function task(args: string[]): Promise<number> {
  if (!hasDisplay()) {
    say('There is no display here, so the same job runs in the terminal: lorikeet demo.');
    return cli(['demo', ...args]);
  }
  await setUp('window');
  await buildStudio();
  // Chromium refuses to run as root with its sandbox.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  try {
    await runTool('electron', ['.', ...sandbox, ...args], {
      env: { ...process.env, ...electronEnvironment() },
      // Chromium's processes do not survive a closed terminal, and with them the run would be lost.
      ownGroup: true,
    });
    return 0;
  } catch (error) {
    if (error instanceof RunError) return error.code;
    throw error;
  }
}
