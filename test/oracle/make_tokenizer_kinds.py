"""Writes test/fixtures/tokenizer-kinds: small tokenizers of every kind, with what the Rust library makes of odd strings by them."""

import json

from tokenizers import Tokenizer

from odd_strings import odd_strings
from provenance import FIXTURES, write_json, write_provenance
from tokenizer_cases import cases
from tokenizer_kinds import roberta, word_piece

SEED = 11
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
    strings = odd_strings(160, SEED)
    kinds = {
        "bert": word_piece(True), "bert-cased": word_piece(False), "roberta": roberta(False), "roberta-spaced": roberta(True),
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
