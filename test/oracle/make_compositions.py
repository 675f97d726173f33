"""Writes test/fixtures/expected/compositions: adapters of tiny-tied made into one, by the definitions and by PEFT."""

from dataclasses import asdict
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from peft import PeftModel
from peft.utils import merge_utils
from safetensors.numpy import save_file

from compositions import Matrices, Options, compose, dare_mask, relative_error
from provenance import FIXTURES, write_json, write_provenance
from tiny_models import build

Parts = dict[str, float]

# Ranks 4, 2, 6; alphas of single modules; rsLoRA; modules that two adapters have, and such that one has; a weight below 0.
PLAIN: Parts = {"all-linear": 0.7, "patterns": -0.4, "rslora": 0.5}
WITH_DORA: Parts = {"all-linear": 0.7, "dora": 0.6}
CASES: dict[str, tuple[Parts, Options]] = {
    "exact": (PLAIN, Options("exact")),
    "svd": (PLAIN, Options("svd", rank=5)),
    "ties": (PLAIN, Options("ties", rank=6, density=0.3)),
    "dare-linear": (PLAIN, Options("dare-linear", rank=6, density=0.5, seed=7)),
    "dare-ties": (PLAIN, Options("dare-ties", rank=6, density=0.6, seed=11)),
    "magnitude": (PLAIN, Options("magnitude", rank=4, density=0.2)),
    "dora-svd": (WITH_DORA, Options("svd")),
    "dora-ties": (WITH_DORA, Options("ties", rank=7, density=0.4)),
}
# Square, wide and tall; ranks 4 and 2, an alpha of its own, rsLoRA; with DoRA and without.
SHOWN = ["model.layers.1.self_attn.q_proj", "model.layers.2.self_attn.v_proj", "model.layers.2.mlp.up_proj"]

# Where PEFT is right: no rsLoRA, no DoRA.
PEFT_PARTS: Parts = {"all-linear": 0.7, "patterns": 0.4}
PEFT_KINDS = {
    "exact": "cat", "svd": "svd", "ties": "ties_svd", "magnitude": "magnitude_prune_svd",
    "dare-linear": "dare_linear_svd", "dare-ties": "dare_ties_svd",
}
PEFT_MODULE = "model.layers.1.self_attn.q_proj"
# Where it is not: the new adapter takes over the use_rslora of the first one.
PEFT_WRONG: Parts = {"rslora": 0.5, "all-linear": 0.7}
WRONG_MODULE = "model.layers.0.self_attn.o_proj"
# float32's unit 6e-8 turns singular vectors by itself times σ₁ over the gap to the next value, which here is down to some thousandths of σ₁.
NEAR = 1e-4


def folders(parts: Parts) -> list[Path]:
    return [FIXTURES / "adapters" / name for name in parts]


def by_peft(parts: Parts, options: Options) -> Matrices:
    """What `add_weighted_adapter` gives, with DARE's choice as Lorikeet makes it."""
    names = list(parts)
    model = PeftModel.from_pretrained(build("tiny-tied"), folders(parts)[0], adapter_name=names[0])
    for name, folder in zip(names[1:], folders(parts)[1:]):
        model.load_adapter(folder, adapter_name=name)
    modules = {name.removeprefix("base_model.model."): module for name, module in model.named_modules()}

    # PEFT merges module by module, and within one adapter by adapter.
    order = [
        (path, part) for path, module in modules.items() if hasattr(module, "get_delta_weight")
        for part, name in enumerate(names) if name in module.lora_A
    ]
    waiting = iter(order)

    def choice(probabilities: torch.Tensor) -> torch.Tensor:
        path, part = next(waiting)
        mask = dare_mask(tuple(probabilities.shape), options.density, options.seed, part, path)
        return torch.from_numpy(mask).to(probabilities.dtype)

    with mock.patch.object(merge_utils.torch, "bernoulli", choice):
        model.add_weighted_adapter(
            names, list(parts.values()), "sum", combination_type=PEFT_KINDS[options.kind], svd_rank=options.rank,
            density=options.density,
        )
    return {
        path: modules[path].get_delta_weight("sum").detach().double().numpy() for path in dict.fromkeys(p for p, _ in order)
    }


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


def write_peft(folder: Path, base: Matrices) -> None:
    """PEFT's matrices of one module; of every module they must be those of the definitions, but where they are known to be wrong."""
    tensors, distances = {}, {}
    for kind in PEFT_KINDS:
        options = next(each for _, each in CASES.values() if each.kind == kind)
        expected = compose(folders(PEFT_PARTS), list(PEFT_PARTS.values()), options, base)
        given = by_peft(PEFT_PARTS, options)
        distances[kind] = max(distance(given[path], each["composed"]) for path, each in expected.items())
        assert distances[kind] < NEAR, (kind, distances[kind])
        tensors[kind] = given[PEFT_MODULE]
    wrong = by_peft(PEFT_WRONG, Options("exact"))[WRONG_MODULE]
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.astype(np.float32) for name, tensor in {**tensors, "wrong": wrong}.items()}, folder / "matrices.safetensors")
    write_json(
        folder / "peft.json",
        {
            "parts": PEFT_PARTS,
            "module": PEFT_MODULE,
            "distances": distances,
            "wrong": {"parts": PEFT_WRONG, "module": WRONG_MODULE},
        },
    )


def write_case(name: str, parts: Parts, options: Options, base: Matrices) -> None:
    modules = compose(folders(parts), list(parts.values()), options, base)
    folder = FIXTURES / "expected" / "compositions" / name
    folder.mkdir(parents=True, exist_ok=True)
    shown = [path for path in SHOWN if path in modules]
    save_file({path: modules[path]["composed"].astype(np.float32) for path in shown}, folder / "composed.safetensors")
    values = {path: np.linalg.svd(modules[path]["target"], compute_uv=False) for path in shown}
    write_json(
        folder / "composition.json",
        {
            "parts": parts,
            "options": asdict(options),
            "relativeError": relative_error(list(modules.values())),
            "modules": {path: {"rank": each["rank"], "relativeError": relative_error([each])} for path, each in modules.items()},
            "singularValues": {path: list(map(float, values[path][: modules[path]["ranks"]])) for path in shown},
        },
    )


def main() -> None:
    torch.set_num_threads(1)
    base = {name: tensor.detach().numpy() for name, tensor in build("tiny-tied").state_dict().items()}
    for name, (parts, options) in CASES.items():
        write_case(name, parts, options, base)
    folder = FIXTURES / "expected" / "compositions"
    write_peft(folder / "peft", base)
    write_provenance(
        folder,
        "Adapters of tiny-tied made into one in each way, by compositions.py in float64: the composed change of some modules, relative errors "
        "of all, singular values of the weighted sum. peft/: what PEFT's add_weighted_adapter gives for one module, how far it is from the "
        "same definitions at most, and 'wrong', a sum that it gets wrong.",
        0,
    )


if __name__ == "__main__":
    main()
