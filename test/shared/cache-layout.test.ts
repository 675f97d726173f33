/** Where the cache folder lies, by what the environment says. */
import { expect, it } from 'vitest';
import { cacheLayout } from '../../src/shared/cache-layout.mjs';

it.each([
  [{}, '/home/ada/.cache/lorikeet'],
  [{ XDG_CACHE_HOME: '/var/ada' }, '/var/ada/lorikeet'],
  [{ XDG_CACHE_HOME: '/var/ada', LORIKEET_CACHE: '/big/disk' }, '/big/disk'],
  [{ XDG_CACHE_HOME: '', LORIKEET_CACHE: '' }, '/home/ada/.cache/lorikeet'],
])('%j', (environment, root) => {
  const layout = cacheLayout(environment, '/home/ada');
  expect(layout.root).toBe(root);
  for (const path of Object.values(layout)) expect(path.startsWith(root)).toBe(true);
});
