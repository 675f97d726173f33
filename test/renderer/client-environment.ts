/** A test environment in which Svelte's runes are compiled as for the window, without a document. */
import type { Environment } from 'vitest/runtime';

const environment: Environment = {
  name: 'svelte-client',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
};

export default environment;
