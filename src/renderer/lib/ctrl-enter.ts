/** Ctrl + Enter (on a Mac Command + Enter) in a text of several lines, where Enter alone begins a new one. */
export function onCtrlEnter(start: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    start();
  };
}
