/** Parts of a tokenizer that @huggingface/tokenizers 0.2.0 only comes near to, written as the Rust library has them. */
import type { JsonObject } from '../../../shared/is-object.ts';
import { precompiledNormalizer } from './precompiled-normalizer.ts';
import { normalForm } from './rust-unicode.ts';

/** The methods of a normalizer of that config; null where the library's own are right. */
export function ownNormalizer(config: JsonObject): { normalize(text: string): string } | null {
  const { type } = config;
  switch (type) {
    case 'Precompiled':
      return { normalize: precompiledNormalizer(mapOf(config)) };
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return { normalize: (text) => normalForm(text, type) };
    default:
      return null;
  }
}

/** The methods of a decoder of that config; null where the library's own are right. */
export function ownDecoder(
  config: JsonObject,
): { decode_chain(tokens: string[]): string[] } | null {
  switch (config['type']) {
    case 'ByteFallback':
      return { decode_chain: joinBytes };
    case 'Metaspace':
      return { decode_chain: (tokens) => spaced(tokens, config) };
    default:
      return null;
  }
}

function mapOf(config: JsonObject): string {
  const map = config['precompiled_charsmap'];
  if (typeof map !== 'string') throw new Error('its precompiled map of characters is missing');
  return map;
}

/** Runs of tokens like `<0x0A>` as text; each of a run that is no UTF-8 as U+FFFD. */
function joinBytes(tokens: readonly string[]): string[] {
  const texts: string[] = [];
  let bytes: number[] = [];
  const end = (): void => {
    if (bytes.length > 0) texts.push(textOf(bytes));
    bytes = [];
  };
  for (const token of tokens) {
    const [, hex] = /^<0x([0-9a-f]{2})>$/i.exec(token) ?? [];
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else {
      end();
      texts.push(token);
    }
  }
  end();
  return texts;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: readonly number[]): string {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return '\uFFFD'.repeat(bytes.length);
  }
}

/** ▁ as spaces; those of the first token are what was put before the text, unless nothing is. */
function spaced(tokens: readonly string[], config: JsonObject): string[] {
  const { replacement: mark = '▁' } = config;
  const put = config['prepend_scheme'] !== 'never' && config['add_prefix_space'] !== false;
  return tokens.map((token, i) => token.replaceAll(String(mark), put && i === 0 ? '' : ' '));
}
