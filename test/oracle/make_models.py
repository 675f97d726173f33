"""Writes test/fixtures/models: the tiny models, their tokenizer, and their logits and hidden states."""

import random
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

from families import FAMILIES
from provenance import FIXTURES, write_json, write_provenance
from routing import Routing, decided
from tiny_models import CONFIGS, VOCAB, build
from tiny_tokenizer import build_tokenizer

PROMPT = "set the bedroom light to 40"
LENGTH = 80  # beyond the 64 original positions of the llama3 RoPE and of longrope
SHORT = 24  # within them: longrope then turns all positions by other angles


def tokens_for(seed: int) -> list[int]:
    """Token ids of one prompt, from the model's seed."""
    generator = random.Random(seed)
    return [generator.randrange(VOCAB) for _ in range(LENGTH)]


def greedy(model, tokenizer) -> dict:
    """Up to 24 most likely tokens after a text, until the end of the turn (id 2), and how close the second choice ever came."""
    ids = tokenizer(PROMPT, add_special_tokens=False).input_ids
    tokens, margin = list(ids), float("inf")
    for _ in range(24):
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, -1]
        best = logits.topk(2)
        margin = min(margin, float(best.values[0] - best.values[1]))
        if int(best.indices[0]) == 2:
            break
        tokens.append(int(best.indices[0]))
    new = tokens[len(ids):]
    text = tokenizer.decode(new, skip_special_tokens=True)
    return dict(prompt=PROMPT, promptTokens=ids, tokens=new, text=text, smallestMargin=margin)


def write_experts(routing: Routing, count: int, path: Path) -> None:
    """What each layer's router chose for each token, the most likely first, and how often each of its experts was."""
    layers = [int(name.split(".")[2]) for name in routing.chosen]
    chosen = [tokens for [tokens] in routing.chosen.values()]
    write_json(
        path,
        {"layers": layers, "chosen": [tokens.tolist() for tokens in chosen],
         "counts": [tokens.flatten().bincount(minlength=count).tolist() for tokens in chosen], "smallestGap": routing.gap},
    )


def main() -> None:
    torch.set_num_threads(1)
    for name, (seed, model_type, _) in CONFIGS.items():
        family = FAMILIES[model_type]
        tokenizer = build_tokenizer(family.chat_template)
        folder = FIXTURES / "models" / name
        shutil.rmtree(folder, ignore_errors=True)
        model = build(name)
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        expected = FIXTURES / "expected" / name
        expected.mkdir(parents=True, exist_ok=True)
        tokens = tokens_for(seed)
        tensors = {}
        with torch.no_grad():
            if name == "tiny-phi3-longrope":
                tensors["logits.short"] = model(input_ids=torch.tensor([tokens[:SHORT]]), use_cache=False).logits
            with decided(model) as routing:
                out = model(input_ids=torch.tensor([tokens]), output_hidden_states=True, use_cache=False)
        if family.experts:
            write_experts(routing, model.config.num_experts, expected / "experts.json")
        # hidden.0 is the embedding, hidden.i the output of layer i - 1; the last has gone through the norm.
        hidden = {f"hidden.{i}": h[0, :12].contiguous() for i, h in enumerate(out.hidden_states)}
        save_file({"logits": out.logits, **hidden, **tensors}, expected / "logits.safetensors", {"format": "pt"})
        write_json(expected / "tokens.json", tokens)
        with decided(model):
            write_json(expected / "generation.json", greedy(model, tokenizer))
        write_provenance(folder, f"A tiny {family.title} model with seeded random weights and a byte-level tokenizer.", seed)
        also = f" 'logits.short': of the first {SHORT} tokens by themselves." if tensors else ""
        also += " experts.json: what the routers chose for the tokens of the logits." if family.experts else ""
        write_provenance(expected, f"Float32 logits [1, {LENGTH}, V] and the first 12 positions of the hidden states of {name}; generation.json: greedy generation.{also}", seed)

    # The same weights rounded to bfloat16 and in several files.
    name, folder = "tiny-untied", FIXTURES / "models" / "tiny-untied-bf16-sharded"
    tokenizer = build_tokenizer(FAMILIES["llama"].chat_template)
    shutil.rmtree(folder, ignore_errors=True)
    model = build(name).to(torch.bfloat16)
    model.save_pretrained(folder, max_shard_size="40KB")
    tokenizer.save_pretrained(folder)
    tokens = tokens_for(CONFIGS[name][0])
    # Rounded weights, float32 arithmetic: what Lorikeet computes from such a file. Read anew, because `to(bfloat16)` has
    # also rounded the frequencies of the rotary positions.
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits
    expected = FIXTURES / "expected" / folder.name
    expected.mkdir(parents=True, exist_ok=True)
    save_file({"logits": logits}, expected / "logits.safetensors", {"format": "pt"})
    write_json(expected / "tokens.json", tokens)
    write_provenance(folder, f"{name} rounded to bfloat16, in shards.", CONFIGS[name][0])
    write_provenance(expected, "Float32 logits computed from the bfloat16 weights.", CONFIGS[name][0])


if __name__ == "__main__":
    main()
