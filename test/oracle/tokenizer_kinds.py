"""Small tokenizers of every kind that families beside LLaMA bring, trained here on a few sentences, each as `tokenizers` has it."""

import io
import json
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import (
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers,
)
from transformers.convert_slow_tokenizer import generate_merges

TEXT = [
    "Turn on the light in the kitchen, please! Don't set it to 40 percent.",
    "The bedroom light's off; we've lit the hall. I'LL go.",
    '{"action":"light.on","room":"living_room","brightness":40}',
    "Schalte das Licht in der Küche ein. Éteins la lumière du café à 22h30.",
    "Включи свет на кухне. Σήμερα το φως είναι σβηστό. ΦΩΣ ΚΑΙ ΣΚΟΤΟΣ.",
    "台所の電気をつけて。客厅的灯。부엌 불을 켜 줘.",
    "def light_on(room):\n    return f'{room} is on'\n\n\n\tdone()",
    "unhappiness lighter lightest lighting relight unlit turning turned returns",
]
ENDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def special(tokens: list[str]) -> list[AddedToken]:
    return [AddedToken(token, special=True, normalized=False) for token in tokens]


def word_pieces(tokenizer: Tokenizer) -> dict[str, int]:
    """Characters, words, and beginnings and rests of words. (What the library trains is not the same each time.)"""
    text = tokenizer.normalizer.normalize_str(" ".join(TEXT))
    words = sorted({word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)})
    characters = sorted(set("".join(words)))
    pieces = [*characters, *(f"##{character}" for character in characters), *words[::2]]
    pieces += [piece for word in words for piece in (word[:3], f"##{word[3:]}", f"##{word[-2:]}")]
    return {piece: i for i, piece in enumerate(dict.fromkeys([*ENDS, *(piece for piece in pieces if piece != "##")]))}


def word_piece(lowercase: bool) -> Tokenizer:
    """BERT's kind; the cased one with the older of its two post-processors."""
    tokenizer = Tokenizer(models.WordPiece({}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.model = models.WordPiece(word_pieces(tokenizer), unk_token="[UNK]")
    tokenizer.add_special_tokens(special(ENDS))
    cls, sep = (("[CLS]", 2), ("[SEP]", 3))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[cls, sep],
    ) if lowercase else processors.BertProcessing(sep, cls)
    return tokenizer


def byte_level(vocabulary: dict[str, int], merges: list[tuple[str, str]], **options: object) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, **options))
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def byte_pairs(split: pre_tokenizers.PreTokenizer, tokens: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Bytes and the merges that the sentences suggest when `split` cuts them; `tokens` come first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = split
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=tokens, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(merge) for merge in model["merges"]]


def roberta(prefix_space: bool) -> Tokenizer:
    """RoBERTa's kind: GPT-2's, framed, with a mask token that takes the space before it."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    tokenizer = byte_level(*byte_pairs(split, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]))
    tokenizer.pre_tokenizer = split
    tokenizer.add_special_tokens(special(["<s>", "<pad>", "</s>", "<unk>"]))
    tokenizer.add_special_tokens([AddedToken("<mask>", special=True, normalized=False, lstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), True, prefix_space)
    return tokenizer


# What the models' own tokenizer.json files split by.
GPT2 = pre_tokenizers.ByteLevel(add_prefix_space=False)
WORD = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
CAPITALS = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
REST = r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
CL100K = (
    ENDING + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def then_bytes(regex: str, behavior: str = "isolated", invert: bool = False) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(regex), behavior, invert=invert),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


def byte_kind(split: pre_tokenizers.PreTokenizer, specials: list[str], **options: object) -> Tokenizer:
    tokenizer = byte_level(*byte_pairs(split, specials), **options)
    tokenizer.pre_tokenizer = split
    tokenizer.add_special_tokens(special(specials))
    return tokenizer


def framed_by_bos(tokenizer: Tokenizer, bos: str) -> Tokenizer:
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", pair=f"{bos} $A {bos}:1 $B:1", special_tokens=[(bos, tokenizer.token_to_id(bos))],
    )
    return tokenizer


def tekken() -> Tokenizer:
    """Mistral Nemo's kind: a piece that is a token as it stands is not built from merges, and some merges do not lead to all tokens."""
    split = then_bytes(f"{WORD}|{CAPITALS}|\\p{{N}}|{REST}")
    specials = ["<unk>", "<s>", "</s>", "[INST]"]
    vocabulary, merges = byte_pairs(split, specials)
    tokenizer = byte_level(vocabulary, merges[::2], ignore_merges=True)
    tokenizer.pre_tokenizer = split
    tokenizer.add_special_tokens(special(specials))
    return framed_by_bos(tokenizer, "<s>")


def gpt_4o() -> Tokenizer:
    """Phi-4-mini's kind."""
    split = then_bytes(f"{WORD}{ENDING}?|{CAPITALS}{ENDING}?|\\p{{N}}{{1,3}}|{REST}", "removed", True)
    return byte_kind(split, ["<|endoftext|>", "<|end|>"])


def gpt_neox() -> Tokenizer:
    """GPT-NeoX's and OLMo's kind: NFC, and runs of spaces as tokens that are added after the vocabulary."""
    tokenizer = byte_kind(GPT2, ["<|endoftext|>", "<|padding|>"])
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.add_tokens([AddedToken(" " * n, normalized=True) for n in range(24, 1, -1)])
    return tokenizer


def normal_pieces(count: int) -> list[str]:
    """Pieces of SentencePiece's kind, in the order in which byte pairs would be merged."""
    trained = Tokenizer(models.BPE())
    trained.train_from_iterator(
        [text.replace(" ", "▁") for text in TEXT], trainers.BpeTrainer(vocab_size=count, show_progress=False),
    )
    learnt = sorted(trained.get_vocab(), key=trained.get_vocab().get)
    return [token for token in learnt if len(token) > 1] + [token for token in learnt if len(token) == 1]


def gemma() -> Tokenizer:
    """Gemma's kind: no space before texts, bytes for what is not in it, added tokens among the pieces."""
    specials = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>"]
    whole = ["\n\n", "\n\n\n", "<table>"]
    runs = ["▁" * n for n in range(8, 1, -1)]
    pieces = [piece for piece in normal_pieces(330) if piece not in [*runs, *whole]]
    tokens = [*specials, *whole, *(f"<0x{byte:02X}>" for byte in range(256)), *reversed(runs), *pieces]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    first = vocabulary[runs[-1]]
    merges = generate_merges(vocabulary, {token: float(first - i) for token, i in vocabulary.items() if i >= first})
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens(special(specials))
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in whole])
    return framed_by_bos(tokenizer, "<bos>")


# A map of characters of our own: SentencePiece's usual one is no part of this project.
RULES = {
    "Ａ": "A", "ａ": "a", "１": "1", "！": "!", "　": " ", "\u00a0": " ", "\t": " ", "\n": " ", "\r": " ", "ﬁ": "fi", "ﬂ": "fl",
    "½": "1⁄2", "²": "2", "①": "1", "Ⅷ": "VIII", "…": "...", "e\u0301": "é", "a\u0300": "à", "ΐ": "ΐ", "\u200b": "", "\u200d": " ",
    "\ufeff": "", "\u0085": "", "한": "한", "𝒳": "X", "🇩🇪": "DE", "¼": "1⁄4", "™": "TM", "\u007f": "", "०": "0",
}


def characters_map() -> bytes:
    """RULES as SentencePiece compiles them."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.tsv"
        hexes = lambda text: " ".join(f"{ord(character):X}" for character in text)
        rules.write_text("".join(f"{hexes(source)}\t{hexes(target)}\n" for source, target in RULES.items()))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(TEXT * 4), model_writer=model, vocab_size=120, normalization_rule_tsv=str(rules),
            hard_vocab_limit=False, minloglevel=2, num_threads=1,
        )
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def xlm_roberta() -> Tokenizer:
    """XLM-RoBERTa's and multilingual E5's kind."""
    tokens = ["<s>", "<pad>", "</s>", "<unk>"]
    # Later pieces are less likely; a character of its own less than any that it is a part of.
    scored = [(piece, -(9.0 if len(piece) == 1 else 6.0) - i / 64) for i, piece in enumerate(normal_pieces(330))]
    tokenizer = Tokenizer(models.Unigram([*((token, 0.0) for token in tokens), *scored, ("<mask>", 0.0)], unk_id=3))
    metaspace = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), metaspace])
    tokenizer.normalizer = normalizers.Precompiled(characters_map())
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(special(tokens))
    tokenizer.add_special_tokens([AddedToken("<mask>", special=True, normalized=False, lstrip=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return tokenizer
