/** `npm run types`: TypeScript over everything but the window, svelte-check over the window. */
import { task as run } from './run.ts';

export async function task(): Promise<number> {
  const codes = [
    await run(['tsc', '-p', 'tsconfig.json']),
    await run(['svelte-check', '--tsconfig', 'tsconfig.renderer.json', '--fail-on-warnings']),
  ];
  return Math.max(...codes);
}
