"""Has Lorikeet train every variant of LoRA on tiny-tied, and plain LoRA on the others' tiny models; PEFT loads what it has written.

Compares the logits with the adapter attached and those of the merged model, and writes test/fixtures/trained: the adapters, the
logits that PEFT computes with them, and in checked.json how near Lorikeet's own were. Exits with 1 and records nothing when one
is too far, or when an adapter changes next to nothing. Needs a Lorikeet that is set up.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file

from adapters import FAMILY_MODELS, family_of
from check_adapter import difference, logits_of
from provenance import FIXTURES, ROOT, write_json, write_provenance

TOKENS = [5, 9, 12, 7, 30, 41, 8, 200]
# Other families' have to be longer than their windows, which are 8 wide.
LONGER = [*TOKENS, 17, 250, 33, 6, 101, 64, 19, 280, 77, 5, 142, 90, 13, 211, 58, 36]
TOLERANCE = 1e-4
# An adapter that changes less than this would be found equal by accident.
LEAST_EFFECT = 0.05
PATTERNS = [
    "--rank-pattern", json.dumps({r"layers\.1\.mlp\.down_proj": 3, "q_proj": 1}),
    "--alpha-pattern", json.dumps({r"layers\.2\.self_attn\.q_proj": 5, "down_proj": 3}),
]
VARIANTS: dict[str, list[str]] = {
    "plain": [],
    "gaussian": ["--init", "gaussian"],
    "dropout": ["--dropout", "0.1"],
    "rslora": ["--rslora"],
    "dora": ["--dora"],
    "pissa": ["--init", "pissa"],
    "olora": ["--init", "olora"],
    "lora-plus": ["--lora-plus-ratio", "8"],
    "patterns": PATTERNS,
    "layers": ["--layers", "0,2"],
    "together": ["--rslora", "--dora", "--lora-plus-ratio", "4", "--layers", "1-2", *PATTERNS],
    "pissa-together": ["--init", "pissa", "--rslora", "--layers", "1-2", *PATTERNS],
    "olora-dora": ["--init", "olora", "--dora"],
    **{name: [] for name in FAMILY_MODELS},
}


def model_of(name: str) -> Path:
    """Where the variant's model is: a family's variant is called as its model is."""
    return FIXTURES / "models" / (name if name in FAMILY_MODELS else "tiny-tied")


def tokens_of(name: str) -> list[int]:
    """What the variant's logits are compared for."""
    return LONGER if name in FAMILY_MODELS else TOKENS


def lorikeet(folder: Path, *args: str) -> None:
    environment = {**os.environ, "LORIKEET_HOME": str(folder / "home")}
    command = [ROOT / "bin" / "lorikeet", *args, "--json"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def targets_of(name: str) -> str:
    """The first and the last linear module of a layer, and all of its experts'."""
    family = family_of(model_of(name).name)
    return ",".join([family.linear[0], family.linear[-1], *(f"experts.{matrix}" for matrix in family.experts or ())])


def train(folder: Path, name: str) -> Path:
    data = folder / "data.jsonl"
    examples = ({"prompt": f"light {n}", "completion": json.dumps({"n": n})} for n in range(24))
    data.write_text("\n".join(json.dumps(example) for example in examples))
    output = folder / "adapter"
    lorikeet(
        folder, "train", "--model", str(model_of(name)), "--data", str(data), "--output", str(output), "--rank", "2", "--alpha", "4",
        "--target-modules", targets_of(name), "--sequence-length", "64", "--batch-size", "2", "--max-steps", "12",
        "--warmup-steps", "1", "--learning-rate", "3e-2", "--precision", "float32", *VARIANTS[name],
    )
    return output


def check(name: str, folder: Path) -> dict:
    """Trains one variant and writes its fixture. Gives largest differences over the largest logit."""
    model = model_of(name)
    adapter = train(folder, name)
    probe = tokens_of(name)
    tokens = ["--tokens", ",".join(map(str, probe))]
    own, merged = folder / "logits", folder / "merged"
    lorikeet(folder, "logits", "--model", str(model), "--adapter", str(adapter), *tokens, "--output", str(own))
    merge = ["--adapter", str(adapter), "--output", str(merged), "--dtype", "float32"]
    lorikeet(folder, "merge", "--model", str(model), *merge)
    expected = logits_of(model, adapter, probe)
    result = {
        "options": VARIANTS[name],
        "tokens": probe,
        "adapter": difference(own, expected),
        "merged": float((logits_of(merged, None, probe) - expected).abs().max() / expected.abs().max()),
        "effect": float((logits_of(model, None, probe) - expected).abs().max() / expected.abs().max()),
    }
    target = FIXTURES / "trained" / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    # The base model's path is one of this machine.
    config = (adapter / "adapter_config.json").read_text().replace(str(model), model.name)
    (target / "adapter_config.json").write_text(config)
    shutil.copy(adapter / "adapter_model.safetensors", target)
    save_file({"logits": expected}, target / "peft-logits.safetensors", {"format": "pt"})
    return result


def main() -> int:
    """Of the variants that the command line names, or of all; what is recorded of the others stays."""
    torch.set_num_threads(1)
    results = {}
    for name in sys.argv[1:] or VARIANTS:
        with tempfile.TemporaryDirectory() as folder:
            results[name] = check(name, Path(folder))
        print(name, results[name], flush=True)
    far = [name for name, each in results.items() if not max(each["adapter"], each["merged"]) <= TOLERANCE]
    idle = [name for name, each in results.items() if not each["effect"] >= LEAST_EFFECT]
    if far or idle:
        print("nothing is recorded; too far:", ", ".join(far), "without effect:", ", ".join(idle))
        return 1
    record = FIXTURES / "trained" / "checked.json"
    write_json(record, {**json.loads(record.read_text()), **results})
    write_provenance(
        FIXTURES / "trained",
        "Adapters of tiny-tied, and of the models that variants are called after, that Lorikeet has trained and PEFT has "
        "loaded, with PEFT's logits. "
        "checked.json: the options of `lorikeet train`; the tokens; largest difference over the largest logit between PEFT and Lorikeet with "
        "the adapter ('adapter'), between PEFT and the model that Lorikeet merged, run by transformers ('merged'), and between "
        "PEFT with the adapter and the base alone ('effect').",
        0,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
