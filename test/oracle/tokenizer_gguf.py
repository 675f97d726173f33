"""A tokenizer's vocabulary as llama.cpp's converter writes it into a GGUF file, from the description of the format."""

import json

from tokenizers import Tokenizer


def gguf_keys(tokenizer: Tokenizer, model: str, pre: str, roles: dict[str, str], further: dict[str, object]) -> dict[str, object]:
    """Key-values by their names without the prefix `tokenizer.ggml.`; `roles` are tokens by the key that holds their id."""
    whole = json.loads(tokenizer.to_str())
    ids = tokenizer.get_vocab(with_added_tokens=True)
    tokens = sorted(ids, key=ids.get)
    added = {token["content"]: token["special"] for token in whole["added_tokens"]}
    unknown = roles.get("unknown_token_id") if model in ("llama", "t5") else None
    kind = {token: 3 if special else 4 for token, special in added.items()} | ({unknown: 2} if unknown else {})
    types = [kind.get(token, 6 if model == "llama" and token.startswith("<0x") else 1) for token in tokens]
    keys = {"model": model, "pre": pre, "tokens": [written(token, model) for token in tokens], "token_type": types}
    if model == "gpt2":
        keys["merges"] = [" ".join(merge) for merge in whole["model"]["merges"]]
    if model == "t5":
        keys["scores"] = [score for _, score in whole["model"]["vocab"]]
    if model == "llama":
        # Pieces are in the order in which they are merged.
        keys["scores"] = [0.0 if type != 1 else -float(i) for i, type in enumerate(types)]
    return keys | {key: ids[token] for key, token in roles.items()} | further


def written(token: str, model: str) -> str:
    """Of BERT, the beginnings of words are marked in place of what goes on."""
    if model != "bert" or (token.startswith("[") and token.endswith("]")):
        return token
    return token[2:] if token.startswith("##") else "▁" + token
