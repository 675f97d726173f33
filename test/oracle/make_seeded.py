"""Writes a small model of any family into a folder, random but whole, to try the studio with: nothing of it is a fixture.

python make_seeded.py FOLDER [--family qwen3] [--hidden 256] [--layers 4] [--seed 1]
"""

import argparse
from pathlib import Path

from transformers import AutoConfig

from families import FAMILIES
from tiny_models import VOCAB, draw
from tiny_tokenizer import build_tokenizer

HEAD = 64


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--family", choices=FAMILIES, default="qwen3")
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    heads = max(2, options.hidden // HEAD)
    config = AutoConfig.for_model(
        options.family, vocab_size=VOCAB, hidden_size=options.hidden, intermediate_size=3 * options.hidden,
        num_hidden_layers=options.layers, num_attention_heads=heads, num_key_value_heads=heads // 2, head_dim=HEAD,
        max_position_embeddings=4096, tie_word_embeddings=True, bos_token_id=1, eos_token_id=2, pad_token_id=2,
    )
    model = draw(config, options.seed)
    model.save_pretrained(options.folder)
    build_tokenizer(FAMILIES[options.family].chat_template).save_pretrained(options.folder)
    print(f"{options.folder}: {options.family}, {model.num_parameters():,} parameters")


if __name__ == "__main__":
    main()
