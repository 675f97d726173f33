"""Writes test/fixtures/adapters: adapters saved by PEFT, the logits with each, and merged weights."""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from adapters import (
    ADAPTERS, BFLOAT16_RUNS, EXPERT_ADAPTERS, FAMILY_MODELS, adapter_tensors, attach, base_model, base_to_bfloat16, family_of,
    from_base, nudged,
)
from expert_adapters import OWN, read_apart, save_apart
from provenance import FIXTURES, write_json, write_provenance
from routing import decided
from tiny_models import build

MERGED = {
    "all-linear": ["model.layers.1.self_attn.k_proj.weight", "model.layers.2.mlp.down_proj.weight"],
    "patterns": ["model.layers.2.self_attn.v_proj.weight"],
    "rslora": ["model.layers.0.self_attn.o_proj.weight"],
    "dora": ["model.layers.1.mlp.gate_proj.weight"],
    "together": ["model.layers.2.self_attn.o_proj.weight"],
    **{name: [f"{family_of(name).shown}.weight"] for name in FAMILY_MODELS},
    **{
        name: [f"model.layers.0.{family_of(model).block}.experts.3.{module}.weight" for module in family_of(model).experts]
        for name, model in EXPERT_ADAPTERS.items()
    },
}
IN_BFLOAT16 = ["all-linear", "untied", *FAMILY_MODELS]
LENGTH = 24


def save(model: PeftModel, name: str, folder: Path) -> None:
    """As PEFT saves it; what started as a part of the base as a LoRA for the base as it was, after some learning."""
    if not from_base(name):
        model.save_pretrained(folder)
        return
    seed, _ = ADAPTERS[name]
    generator = torch.Generator().manual_seed(seed)
    with tempfile.TemporaryDirectory() as start:
        model.peft_config["default"].init_lora_weights = True
        model.save_pretrained(start)
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if "lora_" in key:
                    noise = torch.randn(parameter.shape, generator=generator)
                    parameter.add_(noise * 0.5 * parameter.std())
        model.save_pretrained(folder, path_initial_model_for_weight_conversion=start)


def bfloat16_distances(name: str, ids: torch.Tensor, logits: torch.Tensor) -> list[float]:
    """How far PyTorch's logits in bfloat16 are from those in float32, over the norm of those."""
    distances = []
    for run in range(BFLOAT16_RUNS):
        with torch.no_grad():
            rounded = nudged(base_to_bfloat16(attach(name)), run)(input_ids=ids, use_cache=False).logits.float()
        distances.append(float((rounded - logits).norm() / logits.norm()))
    return distances


def file_weights(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    """The model's weights by the names that its files have for them: in memory experts are stacked."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return load_file(Path(folder) / "model.safetensors")


def write_apart(name: str, model: PeftModel, ids: torch.Tensor, logits: torch.Tensor) -> None:
    """The adapter once more, with an A and B for each expert; PEFT must read it as the same."""
    base = base_model(name)
    folder = FIXTURES / "adapters" / f"{name}-apart"
    shutil.rmtree(folder, ignore_errors=True)
    save_apart(adapter_tensors(model), base, name in OWN, folder)
    with torch.no_grad():
        again = read_apart(build(base), folder, name)(input_ids=ids, use_cache=False).logits
    assert torch.equal(again, logits), name
    write_provenance(folder, f"Adapter {name} with an A and B for each expert, as files of transformers 4 have them.", ADAPTERS[name][0])


def main() -> None:
    torch.set_num_threads(1)
    for name, (seed, _) in ADAPTERS.items():
        tokens = json.loads((FIXTURES / "expected" / base_model(name) / "tokens.json").read_text())[:LENGTH]
        ids = torch.tensor([tokens])
        folder = FIXTURES / "adapters" / name
        shutil.rmtree(folder, ignore_errors=True)
        model = attach(name)
        save(model, name, folder)
        (folder / "README.md").unlink(missing_ok=True)  # a model card form, no use here
        with torch.no_grad(), decided(model):
            logits = model(input_ids=ids, use_cache=False).logits
        if name in EXPERT_ADAPTERS:
            write_apart(name, model, ids, logits)
        with torch.no_grad():
            merged = model.merge_and_unload()
            merged_logits = merged(input_ids=ids, use_cache=False).logits
        weights = file_weights(merged)
        expected = FIXTURES / "expected" / f"adapter-{name}"
        expected.mkdir(parents=True, exist_ok=True)
        save_file(
            {"logits": logits, "merged.logits": merged_logits, **{k: weights[k].contiguous() for k in MERGED.get(name, [])}},
            expected / "logits.safetensors",
            {"format": "pt"},
        )
        if name in IN_BFLOAT16:
            write_json(expected / "bfloat16.json", {"distances": bfloat16_distances(name, ids, logits)})
        write_provenance(folder, f"An adapter of {base_model(name)} saved by PEFT, with random A and B.", seed)
        write_provenance(
            expected,
            f"Float32 logits of {base_model(name)} with adapter {name} on its first {LENGTH} tokens (expected/{base_model(name)}/tokens.json): "
            "'logits' with PEFT's adapter attached, 'merged.logits' after merge_and_unload; some merged weights. bfloat16.json, where there is one: "
            f"relative distance of PyTorch's logits in bfloat16, of {BFLOAT16_RUNS} runs.",
            seed,
        )


if __name__ == "__main__":
    main()
