/** Keys of a data line beside those of its format: which may stand there, and which would change what is learnt. */
import { isEmpty, type JsonObject } from './json-value.ts';
import { learningOf } from './learning.ts';

/** Where an example came from, never a part of it. */
const silent: readonly string[] = [
  ...['id', '_id', 'uid', 'uuid', 'idx', 'index', 'hash', 'line', 'source', 'dataset', 'subset'],
  ...['split', 'url', 'license', 'date', 'created', 'created_at', 'timestamp', 'version'],
  ...['meta', 'metadata', 'num_turns'],
];
const ofOrigin: ReadonlySet<string> = new Set(silent);

/** About a message; beside an example they may be meant, as the title of a text, and are told. */
const aboutMessage: ReadonlySet<string> = new Set([
  ...silent,
  ...[
    'key',
    'title',
    'author',
    'annotator',
    'model',
    'category',
    'topic',
    'tags',
    'task',
    'domain',
  ],
  ...['language', 'lang', 'difficulty', 'score', 'comment', 'note', 'length', 'tokens'],
]);

/** A part of what the model is to see or to learn, in the form of another tool or format. */
const meaningful: ReadonlySet<string> = new Set([
  ...['messages', 'conversations', 'conversation', 'prompt', 'completion', 'text'],
  ...['instruction', 'input', 'output', 'query', 'question', 'response', 'answer', 'answers'],
  ...['system', 'history', 'tools', 'functions', 'function_call', 'tool_calls', 'tool_choice'],
  ...['image', 'images', 'video', 'videos', 'audio', 'audios', 'documents', 'context'],
  ...[
    'chosen',
    'rejected',
    'label',
    'labels',
    'weight',
    'train',
    'loss',
    'mask',
    'prefix',
    'suffix',
  ],
  ...['reasoning', 'reasoning_content', 'thinking', 'enable_thinking', 'chat_template_kwargs'],
]);

/** Whether a template may pass the key of a message over. */
export function isHarmlessInMessage(key: string, role: string): boolean {
  // The name of the tool that answers; what it says is in its content.
  return aboutMessage.has(key) || (role === 'tool' && key === 'name');
}

/** Whether a key says where a line or a message came from, and nobody needs to hear that it is not used. */
export function isOfOrigin(key: string): boolean {
  return ofOrigin.has(key);
}

/** The keys with something in them that are not among `own`, but for those of the origin. */
function otherKeys(json: JsonObject, own: readonly string[]): string[] {
  return Object.keys(json).filter(
    (key) => !own.includes(key) && !ofOrigin.has(key) && !isEmpty(json[key]),
  );
}

/**
 * What is beside an example of one format.
 * @param own the keys that the format uses
 * @returns the reason why the line cannot be used, or the keys that nobody knows
 */
export function besides(
  json: JsonObject,
  own: readonly string[],
): { reason: string } | { unused: string[] } {
  const learning = learningOf(json, 'assistant', 'the line');
  if ('reason' in learning) return learning;
  if (learning.context) {
    return { reason: 'it asks with "weight" or "train" not to be learnt; take it out' };
  }
  // "weight": 1 and "train": true ask for what is done anyway.
  const others = otherKeys(json, [...own, 'weight', 'train']);
  const wrong = others.find((key) => meaningful.has(key));
  if (wrong === undefined) return { unused: others };
  const one = own.find((key) => key in json) ?? '';
  const into = one === 'messages' ? 'put it into the messages' : 'write the line as "messages"';
  return {
    reason: `"${wrong}" beside "${one}" is not supported; ${into}, take the key out, or map it to "unused"`,
  };
}
