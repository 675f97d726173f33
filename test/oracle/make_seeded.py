"""Writes a small model of any family into a folder, random but whole, to try the studio with: nothing of it is a fixture.

python make_seeded.py FOLDER [--family qwen3] [--hidden 256] [--layers 4] [--seed 1]
"""

import argparse
from dataclasses import fields
from pathlib import Path

from transformers import CONFIG_MAPPING, PreTrainedConfig

from families import FAMILIES
from tiny_models import VOCAB, draw
from tiny_tokenizer import build_tokenizer

HEAD = 64
EXPERTS = 8


def configuration(family: str, **sizes: object) -> PreTrainedConfig:
    """Of a family, told those of the sizes that its models have: GPT-2 has no number of key heads, for one."""
    kind = CONFIG_MAPPING[family]
    known = {field.name for field in fields(kind)} | set(kind.attribute_map)
    return kind(**{name: size for name, size in sizes.items() if name in known})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--family", choices=FAMILIES, default="qwen3")
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    heads = max(2, options.hidden // HEAD)
    config = configuration(
        options.family, vocab_size=VOCAB, hidden_size=options.hidden, intermediate_size=3 * options.hidden,
        num_hidden_layers=options.layers, num_attention_heads=heads, num_key_value_heads=heads // 2, head_dim=HEAD,
        query_pre_attn_scalar=HEAD, max_position_embeddings=4096, tie_word_embeddings=True,
        bos_token_id=1, eos_token_id=2, pad_token_id=2, num_experts=EXPERTS, num_experts_per_tok=2, norm_topk_prob=True,
        moe_intermediate_size=options.hidden, shared_expert_intermediate_size=options.hidden,
    )
    model = draw(config, options.seed)
    model.save_pretrained(options.folder)
    build_tokenizer(FAMILIES[options.family].chat_template).save_pretrained(options.folder)
    print(f"{options.folder}: {options.family}, {model.num_parameters():,} parameters")


if __name__ == "__main__":
    main()
