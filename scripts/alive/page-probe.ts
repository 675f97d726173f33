/** Measures in the page itself: from a click to the frame that shows its page, and from an address to what it shows. */
import type { Page } from 'playwright-core';

/** To which page it led, and the milliseconds from the input event to the painted response. */
export type AnsweredClick = { to: string; milliseconds: number };

declare global {
  interface Window {
    clicksAnswered: AnsweredClick[];
  }
}

/** From now on every click on a link is timed, until another heading is shown and painted. */
export async function watchClicks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.clicksAnswered = [];
    addEventListener(
      'click',
      (event) => {
        const link = event.target instanceof Element ? event.target.closest('nav a') : null;
        if (link === null) return;
        const heading = () => document.querySelector('main h1');
        const before = heading();
        const seen = new MutationObserver(() => {
          if (heading() === before || heading() === null) return;
          seen.disconnect();
          // A frame is painted after its callbacks; what is posted there runs behind the painting.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () =>
              window.clicksAnswered.push({
                to: link.textContent.trim(),
                milliseconds: performance.now() - event.timeStamp,
              });
            port2.postMessage(null);
          });
        });
        seen.observe(document.body, { childList: true, subtree: true });
      },
      { capture: true },
    );
  });
}

export function answeredClicks(page: Page): Promise<AnsweredClick[]> {
  return page.evaluate(() => window.clicksAnswered);
}

/** Goes to an address, and gives the milliseconds until what `selector` names is there and painted. */
export function timeToShow(page: Page, address: string, selector: string): Promise<number> {
  return page.evaluate(
    ([hash, wanted]) =>
      new Promise<number>((resolve) => {
        const from = performance.now();
        location.hash = hash;
        const look = () => {
          if (document.querySelector(wanted) === null) {
            requestAnimationFrame(look);
            return;
          }
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            resolve(performance.now() - from);
          };
          port2.postMessage(null);
        };
        requestAnimationFrame(look);
      }),
    [address, selector] as const,
  );
}

/** Zooms into the chart that `selector` names and moves along it, every frame by a key; gives the milliseconds of each frame. */
export function framesWhileMoving(page: Page, selector: string, frames: number): Promise<number[]> {
  return page.evaluate(
    ([wanted, count]) =>
      new Promise<number[]>((resolve) => {
        const plot = document.querySelector(wanted);
        const press = (key: string) => plot?.dispatchEvent(new KeyboardEvent('keydown', { key }));
        for (let notch = 0; notch < 4; notch += 1) press('+');
        const times: number[] = [];
        let last = performance.now();
        const frame = (now: number) => {
          times.push(now - last);
          last = now;
          // A few frames in one direction, and back.
          press(times.length % 8 < 4 ? 'ArrowLeft' : 'ArrowRight');
          if (times.length < count) requestAnimationFrame(frame);
          else resolve(times);
        };
        requestAnimationFrame(frame);
      }),
    [selector, frames] as const,
  );
}
