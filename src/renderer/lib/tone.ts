/** Whose answer it is, which an answer's colour says: the base model's, that of a part of a blend, or what it is about. */
export type Tone = 'base' | 'part' | 'adapted';
