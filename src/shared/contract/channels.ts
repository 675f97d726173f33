/** The names of the channels between main and preload; everything that crosses uses one of these. */
export const channels = {
  /** invoke(command, request) → Answer */
  command: 'lorikeet:command',
  /** page → main: the path of a file that a person dropped on the page; told by the preload alone. */
  dropped: 'lorikeet:dropped',
  /** main → page: StudioEvent */
  event: 'lorikeet:event',
  /** page → main: the page listens now, and wants a port to the engine. */
  listening: 'lorikeet:listening',
  /** main → page: carries the port on which LiveEvents come. */
  livePort: 'lorikeet:live-port',
} as const;
