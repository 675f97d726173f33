/** Small drawings by name: paths in a square of 20 units. */
export const drawings = {
  runs: 'M3 15l4-5 3.2 3L17 5M13 5h4v4',
  plus: 'M10 4v12M4 10h12',
  compare: 'M3 14c3 0 3.5-8 7-8s4 5 7 5M3 9c3 0 4 6 7 6s4-10 7-10',
  chat: 'M3 4.5h14v9.5H9l-4 3v-3H3zM6.5 8h7M6.5 10.8h4.5',
  adapters: 'M10 3l7 3.6-7 3.6-7-3.6zM3 10.2l7 3.6 7-3.6M3 13.6l7 3.6 7-3.6',
  compose: 'M7.6 4.5a5 5 0 100 10 5 5 0 000-10zM12.4 5.5a5 5 0 100 10 5 5 0 000-10z',
  device:
    'M5.5 5.5h9v9h-9zM8 2.5v3M12 2.5v3M8 14.5v3M12 14.5v3M2.5 8h3M2.5 12h3M14.5 8h3M14.5 12h3',
  stop: 'M5.5 5.5h9v9h-9z',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6M8.5 9v5M11.5 9v5',
  folder: 'M2.5 5.5h5l1.5 2h8.5v8.5h-15z',
  file: 'M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4',
  check: 'M4 10.5l4 4 8-9',
  cross: 'M5 5l10 10M15 5L5 15',
  alert: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.1',
  info: 'M10 2.8a7.2 7.2 0 100 14.4 7.2 7.2 0 000-14.4zM10 9v4.5M10 6.4v.1',
  pencil: 'M3.5 16.5l.8-3.6L13.6 3.6l2.8 2.8-9.3 9.3zM11.8 5.4l2.8 2.8',
  export: 'M10 12.5v-9M6.5 7L10 3.5 13.5 7M3.5 12v4.5h13V12',
  again: 'M15.5 7.5A6 6 0 104.6 12M15.5 3.5v4h-4',
  search: 'M8.5 3.5a5 5 0 100 10 5 5 0 000-10zM12.2 12.2l4.3 4.3',
  sun: 'M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M15.7 4.3l-1.4 1.4M5.7 14.3l-1.4 1.4',
  moon: 'M16 12.2A6.8 6.8 0 117.8 4a5.6 5.6 0 008.2 8.2z',
  screen: 'M2.5 4h15v9.5h-15zM7 17h6M10 13.5V17',
  shield: 'M10 2.5l6 2.2v4.6c0 4-2.6 6.8-6 8.2-3.4-1.4-6-4.2-6-8.2V4.7zM7.3 9.8l2 2 3.5-3.8',
  pause: 'M7 5v10M13 5v10',
  up: 'M10 16V5M5.5 9.5L10 5l4.5 4.5',
  down: 'M10 4v11M5.5 10.5L10 15l4.5-4.5',
  top: 'M4.5 3.5h11M10 17V7M5.5 11.5L10 7l4.5 4.5',
  play: 'M6.5 4.5v11l9-5.5z',
} as const;

export type IconName = keyof typeof drawings;
