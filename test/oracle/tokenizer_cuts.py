"""How pre-tokenizers cut: a tokenizer whose every character is a token, of one kind where a piece begins and of another within."""

import json

from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from tokenizer_kinds import CL100K

TEXTS = [
    "a  b", " a b ", "a-b--c", "-a-", "--", "ab12 3c", "1a22b", "'ſa 'Sb 'llc", "don't", "a\nb\n\n c", "a, (b)! c?", "x_y z-w", "▁a▁▁b", "",
    "é e\u0301a", "a\u0085b\ufeffc", "٣a²Ⅷ", "日本 語", "a+b=c", "a\u2028b\u00a0c", "\u2e43a\u166db\u200dc", "🧿 a🧿b",
]


def cutters() -> list[pre_tokenizers.PreTokenizer]:
    split, metaspace = pre_tokenizers.Split, pre_tokenizers.Metaspace
    behaviors = ["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"]
    return [
        *(split(pattern, behavior) for pattern in ["-", " ", Regex(r"\d+|-")] for behavior in behaviors),
        *(split(Regex(r"[a-c]+|-"), behavior, invert=True) for behavior in ["isolated", "removed"]),
        *(pre_tokenizers.Punctuation(behavior) for behavior in behaviors),
        *(metaspace("▁", scheme, cut) for scheme in ["always", "first", "never"] for cut in [True, False]),
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Digits(individual_digits=False),
        pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit(), pre_tokenizers.BertPreTokenizer(), split(Regex(CL100K), "isolated"),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(True)]),
    ]


def cuts() -> dict[str, object]:
    """The tokenizer without a pre-tokenizer, and for each of them the ids of the texts."""
    characters = sorted(set("".join(TEXTS) + " ▁"))
    vocabulary = {"[UNK]": 0}
    for character in characters:
        vocabulary[character] = len(vocabulary)
        vocabulary[f"##{character}"] = len(vocabulary)
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    whole = json.loads(tokenizer.to_str())
    rows = []
    for cutter in cutters():
        tokenizer.pre_tokenizer = cutter
        rows.append([json.loads(tokenizer.to_str())["pre_tokenizer"], [tokenizer.encode(text).ids for text in TEXTS]])
    return {"tokenizer": whole, "texts": TEXTS, "cuts": rows, "fused": fused()}


def fused() -> dict[str, object]:
    """Unknown characters in words: those of one word are one token."""
    tokenizer = Tokenizer(models.BPE({"<unk>": 0, "a": 1}, [], unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    texts = ["zz zz", "azz zza", "zaz z", "z"]
    return {"tokenizer": json.loads(tokenizer.to_str()), "cases": [[text, tokenizer.encode(text).ids] for text in texts]}
