/** A linear module that every layer has once. */
export const inEveryLayer = { copies: 1, inLayers: null, gate: false } as const;
