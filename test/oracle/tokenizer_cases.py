"""What the Rust library makes of strings."""

from tokenizers import Tokenizer


def cases(tokenizer: Tokenizer, strings: list[str]) -> list[list]:
    """[text, ids, decoded, decoded without special tokens] of each string."""
    rows = []
    for text in strings:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        plain = tokenizer.decode(ids, skip_special_tokens=True)
        rows.append([text, ids, tokenizer.decode(ids, skip_special_tokens=False), plain])
    return rows
