/** Colour tokens of the page as plain colours, for a canvas, which knows no tokens. */

/** What `token` is just now on `element`, light or dark, as rgb(…). */
export function resolveColour(element: HTMLElement, token: string): string {
  const before = element.style.color;
  element.style.color = `var(${token})`;
  const resolved = getComputedStyle(element).color;
  element.style.color = before;
  return resolved;
}
