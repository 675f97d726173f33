"""Writes test/fixtures/adapters: adapters saved by PEFT, the logits with each, and merged weights."""

import json
import shutil

import torch
from safetensors.torch import save_file

from adapters import ADAPTERS, attach
from provenance import FIXTURES, write_provenance

MERGED = {
    "all-linear": ["model.layers.1.self_attn.k_proj.weight", "model.layers.2.mlp.down_proj.weight"],
    "patterns": ["model.layers.2.self_attn.v_proj.weight"],
    "rslora": ["model.layers.0.self_attn.o_proj.weight"],
    "dora": ["model.layers.1.mlp.gate_proj.weight"],
}
LENGTH = 24


def main() -> None:
    torch.set_num_threads(1)
    tokens = json.loads((FIXTURES / "expected" / "tiny-tied" / "tokens.json").read_text())[:LENGTH]
    ids = torch.tensor([tokens])
    for name, (seed, _) in ADAPTERS.items():
        folder = FIXTURES / "adapters" / name
        shutil.rmtree(folder, ignore_errors=True)
        model = attach(name)
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)  # a model card form, no use here
        with torch.no_grad():
            logits = model(input_ids=ids, use_cache=False).logits
            merged = model.merge_and_unload()
            merged_logits = merged(input_ids=ids, use_cache=False).logits
        weights = merged.state_dict()
        expected = FIXTURES / "expected" / f"adapter-{name}"
        expected.mkdir(parents=True, exist_ok=True)
        save_file(
            {"logits": logits, "merged.logits": merged_logits, **{k: weights[k].contiguous() for k in MERGED.get(name, [])}},
            expected / "logits.safetensors",
            {"format": "pt"},
        )
        write_provenance(folder, "An adapter of tiny-tied saved by PEFT, with random A and B.", seed)
        write_provenance(
            expected,
            f"Float32 logits of tiny-tied with adapter {name} on its first {LENGTH} tokens (expected/tiny-tied/tokens.json): "
            "'logits' with PEFT's adapter attached, 'merged.logits' after merge_and_unload; some merged weights.",
            seed,
        )


if __name__ == "__main__":
    main()
