/** What each page of lib/pages.ts shows. A view gets the number that its page is about. */
import type { Component } from 'svelte';
import type { PageName, Route } from './lib/pages.ts';
import AboutView from './views/AboutView.svelte';
import AdaptersView from './views/AdaptersView.svelte';
import CompareView from './views/CompareView.svelte';
import ComposeView from './views/ComposeView.svelte';
import DeviceView from './views/DeviceView.svelte';
import LibraryView from './views/LibraryView.svelte';
import LogView from './views/LogView.svelte';
import NewRunView from './views/NewRunView.svelte';
import PlaygroundView from './views/PlaygroundView.svelte';
import RunsView from './views/RunsView.svelte';
import RunView from './views/RunView.svelte';

export type PageView<P extends PageName = PageName> = Component<
  Omit<Extract<Route, { page: P }>, 'page'>
>;

export const views: { [P in PageName]: PageView<P> } = {
  runs: RunsView,
  new: NewRunView,
  run: RunView,
  compare: CompareView,
  playground: PlaygroundView,
  adapters: AdaptersView,
  compose: ComposeView,
  library: LibraryView,
  log: LogView,
  about: AboutView,
  device: DeviceView,
};
