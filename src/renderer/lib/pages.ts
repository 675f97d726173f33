/** The pages of the window. Their addresses, the sidebar and the tests of every page come from here; views.ts has what each shows. */
import type { IconName } from './icons.ts';

/** Whether a page is about one thing: its number is part of the address. */
type Id = 'none' | 'optional' | 'required';

export type Page = {
  /** First part of the address: '#/runs'. */
  page: string;
  id: Id;
  /** Where the sidebar has a link to it, if anywhere. */
  link: { label: string; icon: IconName; at: 'top' | 'foot' } | null;
  /** Things stand side by side on it: it takes more of a large screen. */
  wide?: true;
  /** The page whose link is the current one while this page is shown; its own without. */
  under?: string;
};

/** The first is shown where an address means nothing. */
export const pages = [
  { page: 'runs', id: 'none', link: { label: 'Runs', icon: 'runs', at: 'top' } },
  { page: 'new', id: 'none', link: { label: 'New run', icon: 'plus', at: 'top' } },
  { page: 'run', id: 'required', link: null, under: 'runs', wide: true },
  {
    page: 'compare',
    id: 'none',
    link: { label: 'Compare', icon: 'compare', at: 'top' },
    wide: true,
  },
  {
    page: 'playground',
    id: 'none',
    link: { label: 'Playground', icon: 'chat', at: 'top' },
    wide: true,
  },
  { page: 'adapters', id: 'optional', link: { label: 'Adapters', icon: 'adapters', at: 'top' } },
  { page: 'compose', id: 'none', link: { label: 'Compose', icon: 'compose', at: 'top' } },
  { page: 'library', id: 'none', link: { label: 'Library', icon: 'library', at: 'top' } },
  { page: 'log', id: 'none', link: null, under: 'device' },
  { page: 'about', id: 'none', link: null, under: 'device' },
  { page: 'device', id: 'none', link: { label: 'This machine', icon: 'device', at: 'foot' } },
] as const satisfies readonly Page[];

type Pages = (typeof pages)[number];
export type PageName = Pages['page'];
type RouteOf<P extends Pages> = P extends { id: 'none' }
  ? { page: P['page'] }
  : P extends { id: 'optional' }
    ? { page: P['page']; id: number | null }
    : { page: P['page']; id: number };
/** A page, and what it is about. */
export type Route = RouteOf<Pages>;

/** The page whose link in the sidebar is current while `name` is shown. */
export function linkedPage(name: PageName): string {
  return pageOf(name)?.under ?? name;
}

export function isWide(name: PageName): boolean {
  return pageOf(name)?.wide ?? false;
}

function pageOf(name: PageName): Page | undefined {
  return pages.find(({ page }) => page === name);
}
