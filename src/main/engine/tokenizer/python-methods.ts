/** Methods of texts in chat templates as Python has them: the library's strip takes white space whatever it is told. */
import { z } from 'zod';
import { capitalized, titled } from './python-filters.ts';
import { lstripped, rstripped, stripped } from './python-space.ts';

/** By the number of arguments. */
const methods: ReadonlyMap<string, (text: string, given: string) => string> = new Map([
  ['strip/0', stripped],
  ['lstrip/0', lstripped],
  ['rstrip/0', rstripped],
  ['strip/1', (text, given) => lstrip(rstrip(text, given), given)],
  ['lstrip/1', lstrip],
  ['rstrip/1', rstrip],
  ['capitalize/0', capitalized],
  ['title/0', titled],
]);

/** No template has a variable of such a name. */
const nameOf = (method: string) => `str.${method}`;

/** What a template is given for the calls that `withPythonMethods` puts in. */
export const pythonMethods = Object.fromEntries(
  [...methods].map(([method, of]) => [nameOf(method), of]),
);

const methodCall = z.object({
  type: z.literal('CallExpression'),
  callee: z.object({
    type: z.literal('MemberExpression'),
    object: z.unknown(),
    property: z.object({ type: z.literal('Identifier'), value: z.string() }),
    computed: z.literal(false),
  }),
  args: z.array(z.unknown()),
});
type Call = { callee: unknown; args: unknown[] };

/** Turns every `x.lstrip(y)` of a parsed template into a call of a function with `x` and `y`, in place. */
export function withPythonMethods(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const children = node instanceof Map ? [...node].flat() : Object.values(node);
  children.forEach(withPythonMethods);
  if (!isMethodCall(node)) return;
  const { object, property } = node.callee;
  const call: Call = node;
  const name = nameOf(calledAs(node));
  call.args = [object, ...node.args];
  call.callee = { ...property, value: name };
}

function isMethodCall(node: object): node is z.output<typeof methodCall> {
  const { data } = methodCall.safeParse(node);
  return data !== undefined && methods.has(calledAs(data));
}

function calledAs({ callee, args }: z.output<typeof methodCall>): string {
  return `${callee.property.value}/${args.length}`;
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
