/** The cache folder of this user on this machine. */
import { homedir } from 'node:os';
import { cacheLayout, type CacheLayout } from '../shared/cache-layout.mjs';

export function cachePaths(): CacheLayout {
  return cacheLayout(process.env, homedir());
}
