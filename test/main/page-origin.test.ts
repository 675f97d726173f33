/** Only the page of the studio's own window is heard. */
import { expect, test } from 'vitest';
import { isFromPage } from '../../src/main/page-origin.ts';

const page = {};
const from = (url: string, parent: object | null = null) => ({
  sender: page,
  senderFrame: { url, parent },
});

test('the page itself is heard, wherever in it a person is', () => {
  expect(isFromPage(from('app://lorikeet/index.html#/runs'), page)).toBe(true);
  expect(isFromPage(from('app://lorikeet'), page)).toBe(true);
});

test.each([
  'app://lorikeet.example/index.html',
  'app://other/index.html',
  'https://lorikeet/index.html',
  'file:///app://lorikeet/index.html',
  'about:blank',
  'data:text/html,app://lorikeet/',
  '',
])('nothing of %s is', (url) => {
  expect(isFromPage(from(url), page)).toBe(false);
});

test('nor a frame in it, a frame that is gone, another window, or anything before there is a window', () => {
  const own = 'app://lorikeet/index.html';
  expect(isFromPage(from(own, {}), page)).toBe(false);
  expect(isFromPage({ sender: page, senderFrame: null }, page)).toBe(false);
  expect(isFromPage(from(own), {})).toBe(false);
  expect(isFromPage(from(own), null)).toBe(false);
});
