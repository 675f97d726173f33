"""Writes models/*-nf4, *-fp4 and *-int8, their logits, and gradients and fifty losses of LoRA on one of them: bitsandbytes on a processor."""

import json
import shutil
from itertools import cycle

import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import PreTrainedModel

from adamw import COSINE, case, train
from adapters import adapter_tensors
from bitsandbytes_models import QUANTISED, load_in_float32, quantise, quantised_modules, weight_of
from blocks import loss_of, pack, sequences
from families import FAMILIES
from make_gradients import SEED as BATCH_SEED
from make_losses import BATCHES, SEED as CURVE_SEED
from provenance import FIXTURES, PACKAGES, write_json, write_provenance
from tiny_models import CONFIGS
from tiny_tokenizer import build_tokenizer

VERSIONS = [*PACKAGES, "bitsandbytes"]
TRAINED, ADAPTER = "tiny-tied-nf4", "all-linear"


def logits_of(model: torch.nn.Module, tokens: list[int]) -> torch.Tensor:
    with torch.no_grad():
        return model(input_ids=torch.tensor([tokens]), use_cache=False).logits


def write_model(name: str) -> PreTrainedModel:
    """The folder as `save_pretrained` writes it, its logits and some of its weights dequantised."""
    base = QUANTISED[name][0]
    seed = CONFIGS[base][0]
    folder = FIXTURES / "models" / name
    shutil.rmtree(folder, ignore_errors=True)
    quantise(name).save_pretrained(folder)
    build_tokenizer(FAMILIES[CONFIGS[base][1]].chat_template).save_pretrained(folder)
    model = load_in_float32(folder)
    tokens = json.loads((FIXTURES / "expected" / base / "tokens.json").read_text())
    expected = FIXTURES / "expected" / name
    expected.mkdir(parents=True, exist_ok=True)
    weights = {f"{path}.weight": weight_of(module) for path, module in quantised_modules(model).items() if ".0." in path}
    save_file(
        {"logits": logits_of(model, tokens).contiguous(), **dict(list(weights.items())[-2:])},
        expected / "logits.safetensors", {"format": "pt"},
    )
    write_json(expected / "tokens.json", tokens)
    write_provenance(folder, f"{base} quantised by bitsandbytes.", seed, VERSIONS)
    write_provenance(
        expected,
        f"Float32 logits of {name} in training mode, where bitsandbytes multiplies with dequantised weights on a processor, and what it "
        "multiplies with in two layers.",
        seed, VERSIONS,
    )
    return model


def adapted() -> PeftModel:
    """A fixture's adapter on the quantised model."""
    model = load_in_float32(FIXTURES / "models" / TRAINED)
    return PeftModel.from_pretrained(model.requires_grad_(False), FIXTURES / "adapters" / ADAPTER, is_trainable=True)


def main() -> None:
    torch.set_num_threads(1)
    for name in QUANTISED:
        write_model(name)
        print(name, flush=True)

    folder = FIXTURES / "expected" / "bitsandbytes"
    folder.mkdir(parents=True, exist_ok=True)
    model = adapted()
    tokens = json.loads((FIXTURES / "expected" / TRAINED / "tokens.json").read_text())[:24]
    logits = logits_of(model, tokens)
    batch = sequences(BATCH_SEED)[:2]
    loss = loss_of(model, batch)
    loss.backward()
    save_file({"logits": logits.contiguous(), **adapter_tensors(model, gradients=True)}, folder / "adapted.safetensors", {"format": "pt"})
    write_json(folder / "batch.json", {"adapter": ADAPTER, "loss": loss.item(), "blocks": [pack(block) for block in batch]})
    curve = case(ADAPTER, COSINE)
    blocks = sequences(CURVE_SEED)
    run = train(curve, adapted(), ([blocks[i] for i in batch] for batch in cycle(BATCHES)), loss_of)
    del run["tensors"]
    write_json(folder / "losses.json", {**curve, **run})
    print(run["losses"][0], run["losses"][-1])
    write_provenance(
        folder,
        f"PEFT's adapter {ADAPTER} on {TRAINED}, compute type float32: logits of the first 24 tokens and gradients for the batch of "
        "expected/gradients (adapted.safetensors, batch.json), and fifty losses as in expected/losses.",
        CURVE_SEED, VERSIONS,
    )


if __name__ == "__main__":
    main()
