/** Python's strip, lstrip and rstrip of characters, in chat templates: the library takes white space whatever it is told. */
import { z } from 'zod';

/** What a template is given for the calls that `withStripCalls` puts in. */
export const stripFunctions = {
  strip: (text: string, characters: string) => lstrip(rstrip(text, characters), characters),
  lstrip,
  rstrip,
};

const stripCall = z.object({
  type: z.literal('CallExpression'),
  callee: z.object({
    type: z.literal('MemberExpression'),
    object: z.unknown(),
    property: z.object({
      type: z.literal('Identifier'),
      value: z.enum(['strip', 'lstrip', 'rstrip']),
    }),
    computed: z.literal(false),
  }),
  args: z.array(z.unknown()).length(1),
});
type Call = { callee: unknown; args: unknown[] };

/** Turns every `x.lstrip(y)` of a parsed template into `lstrip(x, y)`, in place. */
export function withStripCalls(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const children = node instanceof Map ? [...node].flat() : Object.values(node);
  children.forEach(withStripCalls);
  if (!isStripCall(node)) return;
  const { object, property } = node.callee;
  const call: Call = node;
  call.args = [object, ...node.args];
  call.callee = property;
}

function isStripCall(node: object): node is z.output<typeof stripCall> {
  return stripCall.safeParse(node).success;
}

function lstrip(text: string, characters: string): string {
  let begin = 0;
  while (begin < text.length && characters.includes(text.charAt(begin))) begin++;
  return text.slice(begin);
}

function rstrip(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
