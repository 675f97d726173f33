"""Small tokenizers of every kind that families beside LLaMA bring, trained here on a few sentences, each as `tokenizers` has it."""

import json

from tokenizers import (
    AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers,
)

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


def word_piece(lowercase: bool) -> Tokenizer:
    """BERT's kind; the cased one with the older of its two post-processors."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    trainer = trainers.WordPieceTrainer(vocab_size=340, special_tokens=special(ENDS), show_progress=False)
    tokenizer.train_from_iterator(TEXT, trainer)
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
