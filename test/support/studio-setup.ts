/** Before tests on the real window: set-up, the build of these very sources, the Electron in use, and a screen. */
import { buildStudio } from '../../scripts/lib/build-studio.ts';
import { hasDisplay, startVirtualDisplay } from '../../scripts/lib/display.ts';
import { electronEnvironment } from '../../scripts/setup/electron/choice.ts';
import { setUp } from '../../scripts/setup/index.ts';

/** vitest calls this once for a project, and what it returns at the end. The tests' processes inherit the variables. */
export default async function prepare(): Promise<() => Promise<void>> {
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
