/** What a tokenizer writes around one text, and around two: the post-processor of tokenizer.json as ids and token types. */
import { z } from 'zod';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';

/** The place of the first or the second text, or ids that always stand there. */
export type FramePart =
  | { readonly text: 0 | 1; readonly type: number }
  | { readonly ids: readonly number[]; readonly type: number };

export type Frames = {
  readonly single: readonly FramePart[];
  readonly pair: readonly FramePart[];
};

const first: FramePart = { text: 0, type: 0 };
/** Nothing is written around texts; the second has a type of its own, as in the Rust library. */
const bareFrames: Frames = { single: [first], pair: [first, { text: 1, type: 1 }] };

const id = z.int().nonnegative();
const special = z.object({ SpecialToken: z.object({ id: z.string(), type_id: id }) });
const sequence = z.object({ Sequence: z.object({ id: z.enum(['A', 'B']), type_id: id }) });
const template = listOf(z.union([special, sequence]), { least: 1 });
const token = z.tuple([z.string(), id]);

const framing = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('TemplateProcessing'),
    single: template,
    pair: template,
    special_tokens: recordOf(z.string(), z.object({ ids: listOf(id) })),
  }),
  z.object({ type: z.literal('BertProcessing'), cls: token, sep: token }),
  z.object({ type: z.literal('RobertaProcessing'), cls: token, sep: token }),
  z.object({ type: z.literal('ByteLevel') }),
]);
const postProcessor = z.union([
  framing,
  z.object({ type: z.literal('Sequence'), processors: listOf(framing) }),
]);

/**
 * The frames of a post-processor; null is none. `ByteLevel` only moves offsets, which are not used here.
 * @throws an Error that says what cannot be read
 */
export function framesOf(json: unknown): Frames {
  if (json === null || json === undefined) return bareFrames;
  const parsed = postProcessor.safeParse(json);
  if (!parsed.success) {
    const type = z.looseObject({ type: z.string() }).safeParse(json).data?.type ?? '';
    throw new Error(`its post-processor "${type}" is of another kind or form than is known`);
  }
  const all = parsed.data.type === 'Sequence' ? parsed.data.processors : [parsed.data];
  const [writing, ...more] = all.filter(({ type }) => type !== 'ByteLevel');
  if (more.length > 0) throw new Error('it has more than one post-processor that writes tokens');
  return writing === undefined ? bareFrames : framesOfOne(writing);
}

function framesOfOne(json: z.infer<typeof framing>): Frames {
  switch (json.type) {
    case 'ByteLevel':
      return bareFrames;
    case 'TemplateProcessing': {
      const part = (piece: z.infer<typeof template>[number]): FramePart => {
        if ('Sequence' in piece) {
          return { text: piece.Sequence.id === 'A' ? 0 : 1, type: piece.Sequence.type_id };
        }
        const { id: name, type_id: type } = piece.SpecialToken;
        const ids = json.special_tokens[name]?.ids;
        if (ids === undefined) {
          throw new Error(`its post-processor names "${name}" and gives it no id`);
        }
        return { ids, type };
      };
      return { single: json.single.map(part), pair: json.pair.map(part) };
    }
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const bert = json.type === 'BertProcessing';
      // RoBERTa has one token type, and writes the separator twice between two texts.
      const type = bert ? 1 : 0;
      const cls: FramePart = { ids: [json.cls[1]], type: 0 };
      const sep = (of: number): FramePart => ({ ids: [json.sep[1]], type: of });
      const single = [cls, first, sep(0)];
      return { single, pair: [...single, ...(bert ? [] : [sep(0)]), { text: 1, type }, sep(type)] };
    }
  }
}
