"""Writes test/fixtures/tokenizer-kinds: small tokenizers of every kind, with what the Rust library makes of odd strings by them."""

import base64
import json

from tokenizers import Tokenizer

from odd_strings import odd_strings
from provenance import FIXTURES, write_json, write_provenance
from tokenizer_cases import cases
from tokenizer_cuts import cuts
from tokenizer_gguf import gguf_keys
from tokenizer_kinds import (
    CL100K, GPT2, byte_kind, gemma, gpt_4o, gpt_neox, roberta, tekken, then_bytes, word_piece, xlm_roberta,
)

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

BERT = {"unknown_token_id": "[UNK]", "seperator_token_id": "[SEP]", "padding_token_id": "[PAD]", "cls_token_id": "[CLS]"}
FRAMED = {"bos_token_id": "<s>", "eos_token_id": "</s>", "unknown_token_id": "<unk>", "padding_token_id": "<pad>", "mask_token_id": "<mask>"}
ENDED = {"eos_token_id": "<|endoftext|>"}
# tokenizer.ggml.model and .pre, tokens with a role, and further keys.
GGUF = {
    "bert": ("bert", "bert-bge", BERT, {}),
    "bert-cased": ("bert", "jina-v2-en", {"bos_token_id": "[CLS]", "eos_token_id": "[SEP]"}, {}),
    "roberta": ("gpt2", "roberta-bpe", {**FRAMED, "seperator_token_id": "</s>"}, {"add_bos_token": True, "add_eos_token": True}),
    "xlm-roberta": ("t5", "default", FRAMED, {"remove_extra_whitespaces": True, "add_space_prefix": True}),
    "gemma": (
        "llama", "default", {"bos_token_id": "<bos>", "eos_token_id": "<eos>", "unknown_token_id": "<unk>"},
        {"add_space_prefix": False, "add_bos_token": True},
    ),
    "tekken": ("gpt2", "tekken", {"bos_token_id": "<s>", "eos_token_id": "</s>"}, {}),
    "gpt-4o": ("gpt2", "gpt-4o", ENDED, {}), "gpt-neox": ("gpt2", "olmo", ENDED, {}), "gpt-2": ("gpt2", "gpt-2", ENDED, {}),
    "olmo-2": ("gpt2", "dbrx", ENDED, {}),
}


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
        "gpt-2": byte_kind(GPT2, ["<|endoftext|>"]), "olmo-2": byte_kind(then_bytes(CL100K), ["<|endoftext|>"]),
    }
    for name, tokenizer in kinds.items():
        content = {"tokenizer": json.loads(tokenizer.to_str()), "cases": cases(tokenizer, strings), "framed": framed(tokenizer)}
        if name in GGUF:
            content["gguf"] = gguf_keys(tokenizer, *GGUF[name])
        if name == "xlm-roberta":
            content["gguf"]["precompiled_charsmap"] = list(base64.b64decode(content["tokenizer"]["normalizer"]["precompiled_charsmap"]))
        write_json(FOLDER / f"{name}.json", content)
    write_json(FOLDER / "pre-tokenizers" / "cuts.json", cuts())
    write_provenance(
        FOLDER,
        "KIND.json: a small tokenizer as tokenizer.json, and what the Rust library `tokenizers` makes of odd strings by it: "
        "cases are [text, ids, decoded, decoded without special tokens]; framed are [texts, most tokens, side that is cut, ids, "
        "token types] with the special tokens of the post-processor; gguf are the keys tokenizer.ggml.* of its vocabulary. "
        "pre-tokenizers/cuts.json: texts, and of each pre-tokenizer the ids by a tokenizer that tells where a piece begins.",
        SEED,
    )


if __name__ == "__main__":
    main()
