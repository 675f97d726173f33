/** Which page is shown. It lives in the address, so that back and forward work. */
import { parseRoute, routeHash, type Route } from '../lib/route.ts';

class Router {
  current = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.current = parseRoute(location.hash);
    });
  }

  go(route: Route): void {
    location.hash = routeHash(route);
  }
}

export const router = new Router();
