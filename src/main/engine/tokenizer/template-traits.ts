/** What a chat template does with what not every one takes, found by rendering small conversations. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { Thinking } from '../../../shared/contract/training-config.ts';
import { withArgumentsAsText } from './call-arguments.ts';
import { withNullContent } from './null-content.ts';

export type TemplateTraits = {
  /** It writes a system prompt; others refuse it, or pass it over. */
  readonly takesSystem: boolean;
  /** It writes the thought that an answer has as a field. */
  readonly takesThought: boolean;
  /** The prompt for an answer ends with "<think>". */
  readonly opensThought: boolean;
  /** The prompt for an answer says whether to think. */
  readonly asksForThought: boolean;
  /** It joins the arguments of a call to other text, so that they have to be text. */
  readonly joinsArguments: boolean;
  /** It writes the calls of an answer only where its content is null, as DeepSeek's templates do. */
  readonly callsForNull: boolean;
};

/** Null where the template refuses. */
type Attempt = (messages: Message[], how: { prompt: boolean; thinking: Thinking }) => string | null;

const question: Message = { role: 'user', content: 'A question?' };
const answer: Message = { role: 'assistant', content: 'An answer.' };
const thoughtful: Message = { ...answer, further: { reasoning_content: 'A thought.' } };
const call: Message = {
  ...answer,
  further: {
    tool_calls: [
      // Mistral's templates want an id of nine characters.
      { id: 'call00001', type: 'function', function: { name: 'lamp', arguments: { on: true } } },
    ],
  },
};

const callAlone: Message = { ...call, content: '' };

/** @param thinking as the template will be used */
export function traitsOf(attempt: Attempt, thinking: Thinking): TemplateTraits {
  const asked = (messages: Message[], wish: Thinking = thinking) =>
    attempt([...messages, question], { prompt: true, thinking: wish });
  const stored = (each: Message) => attempt([question, each], { prompt: false, thinking });
  const plain = asked([]);
  const isCalled = (each: Message) =>
    [each, withArgumentsAsText(each)].some((one) => stored(one)?.includes('lamp'));
  const callsForNull = !isCalled(callAlone) && isCalled(withNullContent(callAlone));
  const usualCall = callsForNull ? withNullContent(callAlone) : call;
  const [one, other] = ['Be brief.', 'Be thorough.'].map((content) =>
    asked([{ role: 'system', content }]),
  );
  return {
    // A template that refuses a plain question, too, may want something else.
    takesSystem: plain === null || one !== other,
    takesThought: stored(thoughtful) !== stored(answer),
    opensThought: plain?.trimEnd().endsWith('<think>') ?? false,
    asksForThought: asked([], 'on') !== asked([], 'off'),
    joinsArguments: stored(usualCall) === null && stored(withArgumentsAsText(usualCall)) !== null,
    callsForNull,
  };
}
