/** Which page is shown. It lives in the address, so that back and forward work, and is the first one at the next start. */
import { parseRoute, routeHash, type Route } from '../lib/route.ts';

/** Where the address is kept until the next start. */
const key = 'page';

class Router {
  current = $state.raw<Route>(parseRoute(location.hash || (localStorage.getItem(key) ?? '')));

  constructor() {
    addEventListener('hashchange', () => {
      this.current = parseRoute(location.hash);
      localStorage.setItem(key, location.hash);
    });
  }

  go(route: Route): void {
    location.hash = routeHash(route);
  }
}

export const router = new Router();
