import { expect, test } from 'vitest';
import { parseRoute, routeHash, type Route } from '../../../src/renderer/lib/route.ts';

test.each<Route>([
  { page: 'runs' },
  { page: 'new' },
  { page: 'run', id: 12 },
  { page: 'compare' },
  { page: 'adapters', id: null },
  { page: 'adapters', id: 3 },
  { page: 'log' },
  { page: 'about' },
  { page: 'device' },
])('%o has an address', (route) => {
  expect(parseRoute(routeHash(route))).toEqual(route);
});

test.each(['', '#', '#/', '#/nowhere', '#/run', '#/run/x', '#/run/-1'])(
  '%s is the list of runs',
  (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'runs' });
  },
);
