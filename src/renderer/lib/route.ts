/** The pages of the window and their addresses behind the '#'. */

export type Route =
  | { page: 'runs' }
  | { page: 'new' }
  | { page: 'run'; id: number }
  | { page: 'compare' }
  | { page: 'adapters'; id: number | null }
  | { page: 'device' };

/** '#/run/3' as a page; an address that means nothing is the list of runs. */
export function parseRoute(hash: string): Route {
  const [page, number] = hash.replace(/^#\/?/, '').split('/');
  const id = number !== undefined && /^\d+$/.test(number) ? Number(number) : null;
  switch (page) {
    case 'new':
    case 'compare':
    case 'device':
      return { page };
    case 'adapters':
      return { page, id };
    case 'run':
      return id === null ? { page: 'runs' } : { page, id };
    default:
      return { page: 'runs' };
  }
}

/** The address of a page. */
export function routeHash(route: Route): string {
  const id = 'id' in route && route.id !== null ? `/${route.id}` : '';
  return `#/${route.page}${id}`;
}
