"""Adapters of routed experts in both layouts: PEFT's of stacked experts, and an A and B for each expert as files of old have them."""

from pathlib import Path

import torch
from peft import LoraConfig, PeftModel
from safetensors.torch import save_file

from families import FAMILIES
from tiny_models import CONFIGS, LOGITS_ONLY

RANK, ALPHA = 4, 8
STACKED = ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]
MODELS = [name for name, (_, kind, _) in CONFIGS.items() if FAMILIES[kind].experts and name not in LOGITS_ONLY]

# Seeds with which no router chooses by a hair: of one adapter whose experts' gate and up share an A, and of one where they do not.
SEEDS: dict[str, tuple[int, int]] = {
    "tiny-qwen2-moe": (474, 582), "tiny-qwen3-moe": (790, 895), "tiny-mixtral": (414, 515), "tiny-olmoe": (675, 773),
}
SHARED = {f"{model}-experts": model for model in MODELS}
OWN = {f"{model}-experts-own": model for model in MODELS}
# The same adapters once more, with an A and B for each expert.
APART = {f"{name}-apart": name for name in (*SHARED, *OWN)}


def modules(model: str) -> list[str]:
    """The linear modules that these adapters have beside the experts."""
    return ["q_proj", "o_proj", *FAMILIES[CONFIGS[model][1]].linear[4:]]


def options(name: str) -> tuple[int, dict]:
    """The entry of ADAPTERS."""
    common = dict(r=RANK, lora_alpha=ALPHA, target_parameters=STACKED)
    if name in SHARED:
        model = SHARED[name]
        return SEEDS[model][0], {**common, "target_modules": modules(model)}
    # Gate and up are one parameter to PEFT: two pairs of rank r are one of rank 2 r, with a B that is block-diagonal.
    twice = {"rank_pattern": {r".*\.gate_up_proj": 2 * RANK}, "alpha_pattern": {r".*\.gate_up_proj": 2 * ALPHA}}
    model = OWN[name]
    return SEEDS[model][1], {**common, **twice, "target_modules": modules(model)}


def is_gate_up(key: str) -> bool:
    """Whether a tensor of PEFT's belongs to gate and up, which it wraps first; the wrapper around is down's."""
    return ".experts.base_layer.lora_" in key


def keep_blocks(model: PeftModel) -> PeftModel:
    """The model with B of gate and up block-diagonal, now and after every step: its gradients elsewhere are 0."""
    for key, parameter in model.named_parameters():
        if is_gate_up(key) and ".lora_B." in key:  # [2 F, 2 r E], column ρ E + e is of rank ρ
            of_gate = torch.arange(parameter.shape[0]) < parameter.shape[0] // 2
            low = torch.arange(parameter.shape[1]) < parameter.shape[1] // 2
            mask = (of_gate[:, None] == low).to(parameter.dtype)
            parameter.data.mul_(mask)
            parameter.register_hook(lambda gradient, mask=mask: gradient * mask)
    return model


def apart(tensors: dict[str, torch.Tensor], model: str, own: bool) -> dict[str, torch.Tensor]:
    """PEFT's tensors of stacked experts as one A [r, in] and B [out, r] for each expert's gate, up and down.

    Rows of a stacked A are e r + ρ, columns of B ρ E + e. `own`: gate and up each take half of the ranks, or both take all.
    """
    family = FAMILIES[CONFIGS[model][1]]
    gate, up, down = family.experts
    config = CONFIGS[model][2]
    count = config.get("num_experts", config.get("num_local_experts"))
    result = {}
    for key, value in tensors.items():
        head, found, tail = key.partition(".mlp.experts.")
        if not found:
            result[key] = value
            continue
        is_a = ".lora_A." in f".{tail}"
        # [E, r, in] or [E, out, r]
        each = value.unflatten(0, (count, -1)) if is_a else value.unflatten(1, (-1, count)).permute(2, 0, 1)
        parts = {down: each}
        if is_gate_up(key):
            first, second = (each, each)
            if not is_a:
                first, second = first.chunk(2, 1)[0], second.chunk(2, 1)[1]
            if own:
                first, second = first.chunk(2, 1 if is_a else 2)[0], second.chunk(2, 1 if is_a else 2)[1]
            parts = {gate: first, up: second}
        for module, all_experts in parts.items():
            for expert, part in enumerate(all_experts):
                path = f"{head}.{family.block}.experts.{expert}.{module}.lora_{'A' if is_a else 'B'}.weight"
                result[path] = part.clone().contiguous()
    return result


def read_apart(model: torch.nn.Module, folder: Path, name: str) -> PeftModel:
    """The model with an adapter that `save_apart` wrote, as PEFT reads it."""
    config = None
    if model.config.model_type == "qwen2_moe":  # PEFT takes its targets to be the shared expert's alone, and is silent about the others
        _, targets = options(name if name in OWN else f"{SHARED[name]}-experts-own")
        config = LoraConfig(task_type="CAUSAL_LM", **targets)
    return PeftModel.from_pretrained(model, folder, config=config).eval()


def save_apart(tensors: dict[str, torch.Tensor], model: str, own: bool, folder: Path) -> None:
    """An adapter with an A and B for each expert, as PEFT wrote it while experts were modules: they are targets by their names."""
    targets = [*modules(model), *(name for name in FAMILIES[CONFIGS[model][1]].experts if name not in modules(model))]
    config = LoraConfig(
        task_type="CAUSAL_LM", inference_mode=True, base_model_name_or_path=model, r=RANK, lora_alpha=ALPHA, lora_dropout=0.0,
        bias="none", target_modules=targets,
    )
    config.save_pretrained(folder)
    save_file(apart(tensors, model, own), folder / "adapter_model.safetensors", {"format": "pt"})
