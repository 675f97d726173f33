"""Writes test/fixtures/tokenizer-kinds: small tokenizers of every kind, with what the Rust library makes of odd strings by them."""

import json

from tokenizers import Tokenizer

from odd_strings import odd_strings
from provenance import FIXTURES, write_json, write_provenance
from tokenizer_cases import cases
from tokenizer_kinds import gemma, gpt_4o, gpt_neox, roberta, tekken, word_piece, xlm_roberta

SEED = 11
# What these kinds get wrong beside the usual: marks and punctuation that are younger than the Rust library's tables, characters that
# are mapped together or alone, spaces beside a token that takes them, runs of what is added to a vocabulary.
FURTHER = [
    "light <mask> on", " <mask>", "<mask>", "the\u3000<mask>on", "'ſa 'S'sſ", "we'VE'll'D 'ſ", "lightA lighTS HTMLParser iPhone ǅungla ʰa",
    "a\u1abfb", "on\u2e43off\u061dx", "\u0890a\u08e2b\U00013430c", "㐀a𪚥b豈", "\U0002f800x", "ΦΩΣ ΣΑΣ Σ", "IİÍ ǅ",
    "e\u0301a\u0300x", "🇩🇪🇩🇪 ½ ①Ⅷ²", "Ａａ１！", "… 한국 ㋿ 𐞁", "lit\u200bup\u200ddown", "1/2 / // /\n a/\r\nb", "x" * 120,
    "\n\n\n\n\n", "a\n\nb\n\n\nc", "<table>a</table>", "▁▁light▁", " ▁ ", "   light      on" + " " * 30 + "off", "🧿🧿日本🧿", "a🧿 🧿b",
    "[MASK]ed [UNK] [mask] [CLS", "zürich ZÜRICH Éteins", "don't", "\v\f\x1c\x1d", "\ud7a3\u1100\u1161\u11a8 가",
]
FOLDER = FIXTURES / "tokenizer-kinds"
PAIRS = [
    ("Turn on the light", None), ("Turn on the light in the kitchen", "Licht"), ("off", "The bedroom light's off; we've lit it"),
    ("", ""), ("light", ""), ("", "light"), ("the hall the hall", "the light the light"), ("[SEP] </s> on", "<mask> off"),
]


def framed(tokenizer: Tokenizer) -> list[list]:
    """[texts, most tokens, side that is cut, ids, token types] as transformers' `truncation=True` has the library do it."""
    rows = []
    for text, second in PAIRS:
        for length in [5, 6, 7, 8, 11, 12, 15, 100]:
            for side in ["right", "left"]:
                tokenizer.enable_truncation(length, strategy="longest_first", direction=side)
                encoding = tokenizer.encode(text, second)
                texts = [text] if second is None else [text, second]
                rows.append([texts, length, side, encoding.ids, encoding.type_ids])
    tokenizer.no_truncation()
    return rows


def main() -> None:
    strings = [*odd_strings(160, SEED), *FURTHER]
    kinds = {
        "bert": word_piece(True), "bert-cased": word_piece(False), "roberta": roberta(False), "roberta-spaced": roberta(True),
        "xlm-roberta": xlm_roberta(), "gemma": gemma(), "tekken": tekken(), "gpt-4o": gpt_4o(), "gpt-neox": gpt_neox(),
    }
    for name, tokenizer in kinds.items():
        content = {"tokenizer": json.loads(tokenizer.to_str()), "cases": cases(tokenizer, strings), "framed": framed(tokenizer)}
        write_json(FOLDER / f"{name}.json", content)
    write_provenance(
        FOLDER,
        "KIND.json: a small tokenizer as tokenizer.json, and what the Rust library `tokenizers` makes of odd strings by it: "
        "cases are [text, ids, decoded, decoded without special tokens]; framed are [texts, most tokens, side that is cut, ids, "
        "token types] with the special tokens of the post-processor.",
        SEED,
    )


if __name__ == "__main__":
    main()
