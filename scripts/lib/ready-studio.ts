/** Before the real window is started by a program: set-up, the build of these very sources, the Electron in use, and a screen. */
import { electronEnvironment } from '../setup/electron/choice.ts';
import { setUp } from '../setup/index.ts';
import { buildStudio } from './build-studio.ts';
import { hasDisplay, startVirtualDisplay } from './display.ts';

/** What it returns is to be called at the end. Processes that are started meanwhile inherit the variables. */
export async function readyStudio(): Promise<() => Promise<void>> {
  await setUp('tests');
  await buildStudio();
  Object.assign(process.env, electronEnvironment());
  if (hasDisplay()) return () => Promise.resolve();
  const display = await startVirtualDisplay();
  process.env['DISPLAY'] = display.name;
  return async () => {
    delete process.env['DISPLAY'];
    await display.stop();
  };
}
