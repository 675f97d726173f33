"""Strings that tokenizers get wrong: white space, digits of many scripts, special tokens, broken and rare characters."""

import random

KNOWN = [
    "", " ", "  ", "   a", "a ", "\n", "\n\n", "\r\n", "\t\tx", "Hello, world!", "don't can't I'LL we've", "DON'T",
    "Café déjà vu", "naïve coöperate", "日本語のテキスト", "한국어 텍스트 12", "العربية ١٢٣ نص", "हिन्दी १२३", "ไทย ๓๔",
    "123 4567 89.01", "3.14e-10", "x²+y³=z½", "Ⅷ Ⅻ ⅳ", "①②③", "😀 👩‍👩‍👧‍👦 🇩🇪", "a\u0085b", "a\ufeffb", "\ufeff",
    "\u00a0x\u00a0\u00a0y", "\u2003em", "\u200bzw\u200d", "e\u0301 é", "ﬁ ﬂ", "<|im_start|>",
    "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", "<|im_end|><|im_end|>", " <|im_end|> ", "<|im_start",
    "<|endoftext|>x", "<repo_name>a/b<file_sep>f.py", '{"action":"light.on","room":"living_room","brightness":40}',
    "def f(x):\n    return x+1\n", "    indented\n\tTab\n", "__proto__ constructor toString", "hasOwnProperty valueOf",
    "𝒳𝓎𝔃 𝟙𝟚", "\U0001f9ff\U00020000", "ΣΊΣΥΦΟΣ", "İstanbul ıI", "ß ẞ", "\u0000\u0001\u001f", "\u007f",
    "a\u0300\u0301\u0302b", "...!!!???", "-----", "====>", "http://a.b/c?d=e&f=g#h", "a_b_c-d-e", "CamelCaseString",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", " " * 50, "\n" * 17, "1" * 33, "0.5%", "€5 £6 ¥7", "½ cup", "1st 2nd 3rd",
    "‘quoted’ “text” — dash…", "\u202eRTL", "a\u2028b\u2029c", "\v\f", "ŉ", "x'sY 's 'S", "it''s", "'ll'd're",
]
RANGES = [
    (0x20, 0x7F), (0xA0, 0x250), (0x370, 0x530), (0x600, 0x700), (0x900, 0xE80), (0x2000, 0x2C00), (0x3000, 0x9FFF),
    (0xAC00, 0xD7A3), (0x10000, 0x1FBFF), (0x20000, 0x2A6D0), (0x30, 0x3A),
]
PIECES = [
    " ", "\n", "\t", "the ", "light ", "kitchen", "ing ", "'s", "<|im_end|>", "\u0085", "\ufeff", "\u00a0", "\u1680",
    "\u2009", "\u202f", "\u3000", "²", "¹", "¼", "Ⅰ", "①", "〇", "〡", "०",
]


def odd_strings(count: int, seed: int) -> list[str]:
    """The known ones, and random mixtures of a few ranges and pieces up to `count`."""
    generator = random.Random(seed)
    strings = list(KNOWN)
    while len(strings) < count:
        ranges = generator.sample(RANGES, generator.randrange(1, 4))
        parts = []
        for _ in range(generator.randrange(1, 40)):
            if generator.random() < 0.3:
                parts.append(generator.choice(PIECES))
            else:
                parts.append(chr(generator.randrange(*generator.choice(ranges))))
        strings.append("".join(parts))
    return strings
