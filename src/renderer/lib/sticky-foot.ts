/** The foot that stays in sight at the bottom of a scrolled page, and must not cover what is scrolled into sight. */

/** Room between the foot and what was scrolled into sight above it, in pixels: that of the ring around the focus. */
const ring = 8;

/** Says in `--covered` of the page, while `foot` is on it, how much of its lower edge it covers: base.css keeps that free. */
export function stickyFoot(foot: HTMLElement): () => void {
  const page = foot.closest('main');
  if (page === null) return () => undefined;
  foot.setAttribute('data-foot', '');
  let covered = 0;
  const observer = new ResizeObserver(() => {
    const before = covered;
    const below = Number.parseFloat(getComputedStyle(foot).bottom);
    covered = Math.ceil(foot.offsetHeight + below) + ring;
    page.style.setProperty('--covered', `${covered}px`);
    const { activeElement: focused } = document;
    if (focused === null || !page.contains(focused) || foot.contains(focused)) return;
    // It was in sight before the foot grew over it.
    const { bottom: edge } = page.getBoundingClientRect();
    const { bottom } = focused.getBoundingClientRect();
    if (bottom <= edge - before && bottom > edge - covered)
      focused.scrollIntoView({ block: 'nearest' });
  });
  observer.observe(foot);
  return () => {
    observer.disconnect();
    page.style.removeProperty('--covered');
  };
}
