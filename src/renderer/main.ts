/** The window's first step: join the main process, then show the studio. */
import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { connect } from './state/connect.ts';
import { watchPage } from './state/page-crashes.ts';

const target = document.getElementById('app');
if (target !== null) {
  watchPage();
  connect();
  mount(App, { target });
}
