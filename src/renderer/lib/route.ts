/** Addresses behind the '#', of the pages in pages.ts. */
import { pages, type Route } from './pages.ts';

export type { Route } from './pages.ts';

/** '#/run/3' as a page; an address that means nothing is the first page. */
export function parseRoute(hash: string): Route {
  const [name, number] = hash.replace(/^#\/?/, '').split('/');
  const id = number !== undefined && /^\d+$/.test(number) ? Number(number) : null;
  const [first] = pages;
  const known = pages.find(({ page }) => page === name) ?? first;
  if (known.id === 'none') return { page: known.page };
  if (known.id === 'optional') return { page: known.page, id };
  return id === null ? { page: first.page } : { page: known.page, id };
}

/** The address of a page. */
export function routeHash(route: Route): string {
  const id = 'id' in route && route.id !== null ? `/${route.id}` : '';
  return `#/${route.page}${id}`;
}
