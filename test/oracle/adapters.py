"""PEFT adapters of every kind that Lorikeet reads, with random A and B: an adapter that does nothing proves nothing."""

import math

import torch
from peft import LoraConfig, PeftModel, get_peft_model

import expert_adapters
from families import FAMILIES, Family
from tiny_models import CONFIGS, LOGITS_ONLY, build, freeze

ALL_LINEAR = list(FAMILIES["llama"].linear)

# name -> (seed, options of LoraConfig); all of them on tiny-tied but those in OTHER_MODELS and FAMILY_MODELS.
ADAPTERS: dict[str, tuple[int, dict]] = {
    "all-linear": (21, dict(r=4, lora_alpha=8, target_modules=ALL_LINEAR)),
    "patterns": (
        22,
        dict(
            r=4, lora_alpha=8, target_modules=["q_proj", "v_proj", "down_proj"],
            rank_pattern={r"layers\.1\.mlp\.down_proj": 6, "q_proj": 2},
            alpha_pattern={r"layers\.2\.self_attn\.v_proj": 5, "q_proj": 3},
        ),
    ),
    "layers": (23, dict(r=3, lora_alpha=6, target_modules=["q_proj", "v_proj", "gate_proj"], layers_to_transform=[0, 2])),
    "rslora": (24, dict(r=4, lora_alpha=8, target_modules=["o_proj", "up_proj"], use_rslora=True)),
    "dora": (26, dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj", "gate_proj", "down_proj"], use_dora=True)),
    "regex": (25, dict(r=2, lora_alpha=4, target_modules=r".*\.(1|2)\.self_attn\.(q|o)_proj")),
    "together": (
        27,
        dict(
            r=4, lora_alpha=6, target_modules=["k_proj", "o_proj", "up_proj"], use_rslora=True, use_dora=True,
            layers_to_transform=[1, 2], rank_pattern={"up_proj": 3}, alpha_pattern={r"layers\.2\.self_attn\.o_proj": 9},
        ),
    ),
    "untied": (28, dict(r=4, lora_alpha=8, target_modules=ALL_LINEAR)),
    "qwen3-dora": (32, dict(r=4, lora_alpha=8, target_modules="all-linear", use_rslora=True, use_dora=True)),
    # A and B are taken out of the base: it is another afterwards, and PEFT saves them as a LoRA of twice the rank.
    "pissa": (29, dict(r=3, lora_alpha=6, target_modules=["k_proj", "gate_proj", "down_proj"], init_lora_weights="pissa")),
    "olora": (30, dict(r=3, lora_alpha=6, target_modules=["k_proj", "gate_proj", "down_proj"], init_lora_weights="olora")),
}
OTHER_MODELS = {"untied": "tiny-untied", "qwen3-dora": "tiny-qwen3"}
# Every model of another family than LLaMA's has an adapter of its own name on all its linear layers.
FAMILY_MODELS = [
    name for name, (_, model_type, _) in CONFIGS.items() if model_type != "llama" and name not in LOGITS_ONLY
]


def family_of(model: str) -> Family:
    """The family that a model of CONFIGS belongs to."""
    return FAMILIES[CONFIGS[model][1]]


def all_linear(model: str) -> tuple[int, dict]:
    """The entry of ADAPTERS for a model of another family."""
    family = family_of(model)
    options = dict(r=4, lora_alpha=8, target_modules=list(family.linear), fan_in_fan_out=family.fan_in_fan_out)
    return CONFIGS[model][0] + 100, options


ADAPTERS |= {name: all_linear(name) for name in FAMILY_MODELS}
# On routed experts; and on all that PEFT takes "all-linear" to mean of a mixture: its own experts it leaves out.
EXPERT_ADAPTERS = {**expert_adapters.SHARED, **expert_adapters.OWN}
ADAPTERS |= {name: expert_adapters.options(name) for name in EXPERT_ADAPTERS}
ADAPTERS["tiny-qwen2-moe-all-linear"] = (33, dict(r=4, lora_alpha=8, target_modules="all-linear"))
OTHER_MODELS |= {**EXPERT_ADAPTERS, "tiny-qwen2-moe-all-linear": "tiny-qwen2-moe"}


def base_model(name: str) -> str:
    """The model that the adapter called `name` belongs to."""
    return name if name in FAMILY_MODELS else OTHER_MODELS.get(name, "tiny-tied")


def from_base(name: str) -> bool:
    """Whether A and B start as a part of the base weights, which leave them out from then on."""
    return ADAPTERS[name][1].get("init_lora_weights") in ("pissa", "olora")


def attach(name: str) -> PeftModel:
    """Its base model with the adapter called `name`; only what LoRA trains asks for gradients."""
    seed, options = ADAPTERS[name]
    config = LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.0, bias="none", **options)
    torch.manual_seed(seed)
    model = get_peft_model(freeze(build(base_model(name))), config)
    model.peft_config["default"].base_model_name_or_path = base_model(name)
    if from_base(name):
        return model.eval()
    model = randomised(model, seed).eval()
    return expert_adapters.keep_blocks(model) if name in expert_adapters.OWN else model


def randomised(model: PeftModel, seed: int) -> PeftModel:
    """The model with random numbers in all that an adapter trains."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "lora_A" in key:  # [r, in]
                parameter.normal_(0, 1 / math.sqrt(parameter.shape[1]), generator=generator)
            elif "lora_B" in key:  # [out, r]
                parameter.normal_(0, 0.15, generator=generator)
            elif "lora_magnitude_vector" in key:  # [out]; as it starts, it is ‖W‖ and undoes the change of length
                parameter.mul_(torch.empty_like(parameter).uniform_(0.7, 1.3, generator=generator))
            elif "modules_to_save" in key:  # a head of its own
                parameter.normal_(0, 0.2, generator=generator)
    return model


def base_to_bfloat16(model: PeftModel) -> PeftModel:
    """The base weights in bfloat16, A and B in float32, as PEFT does by default."""
    for key, parameter in model.named_parameters():
        if "lora_" not in key:
            parameter.data = parameter.data.to(torch.bfloat16)
    return model


# In bfloat16 a result is one of many: rounding picks another each time. This many are computed, each from A and B changed
# by less than bfloat16 can tell, and their distances from the float32 result are the yardstick.
BFLOAT16_RUNS = 8
NUDGE = 1e-3


def nudged(model: PeftModel, run: int) -> PeftModel:
    """A and B times 1 + NUDGE * noise; run 0 is left as it is."""
    generator = torch.Generator().manual_seed(run)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "lora_" in key and run > 0:
                parameter.mul_(1 + NUDGE * torch.randn(parameter.shape, generator=generator))
    return model


def adapter_tensors(model: PeftModel, gradients: bool = False) -> dict[str, torch.Tensor]:
    """All that an adapter trains (or its gradients) by the names PEFT saves it under."""
    tensors = {}
    for key, parameter in model.named_parameters():
        if parameter.requires_grad:
            value = parameter.grad if gradients else parameter
            assert value is not None, key
            # PEFT saves a magnitude without `.weight`, and a head by the name of the base's.
            name = key.replace(".modules_to_save.default.", ".").replace(".default.", ".")
            name = name.replace("lora_magnitude_vector.weight", "lora_magnitude_vector")
            tensors[name] = value.detach().float().clone().contiguous()
    return tensors
