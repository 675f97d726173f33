"""Writes test/fixtures/expected/peft-options: every option of PEFT's LoraConfig, and whether it changes what an adapter computes.

The adapter all-linear is loaded by PEFT once as it is and once for each option, set in its adapter_config.json; the logits say
whether the option matters to someone who reads the file.
"""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel

from provenance import FIXTURES, write_json, write_provenance
from tiny_models import build

TOKENS = torch.tensor([[5, 9, 12, 7, 30, 41, 8, 22]])

# A value of every option other than its default, as PEFT writes it into adapter_config.json.
SAMPLES: dict[str, object] = {
    "task_type": "FEATURE_EXTRACTION",
    "peft_type": "LOHA",
    "auto_mapping": {"base_model_class": "LlamaForCausalLM", "parent_library": "transformers"},
    "peft_version": "0.18.0",
    "base_model_name_or_path": "another",
    "revision": "main",
    "inference_mode": False,
    "r": 3,
    "target_modules": r".*\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)",
    "exclude_modules": ["lm_head"],
    "lora_alpha": 16,
    "lora_dropout": 0.1,
    "fan_in_fan_out": True,
    "bias": "all",
    "use_rslora": True,
    "modules_to_save": ["lm_head"],
    "init_lora_weights": "pissa",
    "layers_to_transform": [0, 1, 2],
    "layers_pattern": "layers",
    "rank_pattern": {"q_proj": 2},
    "alpha_pattern": {"q_proj": 3},
    "megatron_config": {"tensor_model_parallel_size": 1},
    "megatron_core": "other.core",
    "trainable_token_indices": [1, 2],
    "loftq_config": {"loftq_bits": 4, "loftq_iter": 1},
    "eva_config": {"rho": 1.0},
    "corda_config": {"corda_method": "kpm"},
    "lora_ga_config": {"direction": "ArB2r"},
    "use_dora": True,
    "velora_config": {"num_groups": 16},
    "alora_invocation_tokens": [30, 41],
    "use_qalora": True,
    "qalora_group_size": 8,
    "monteclora_config": {"num_samples": 4},
    "layer_replication": [[0, 2], [1, 3]],
    "runtime_config": {"ephemeral_gpu_offload": True},
    "lora_bias": True,
    "target_parameters": ["lm_head.weight"],
    "use_bdlora": {"target_modules_bd_a": ["q_proj"], "nblocks": 2},
    "arrow_config": {"top_k": 1},
    "kasa_config": {"beta": 1e-4},
    "ensure_weight_tying": True,
}
INITIALISATIONS: list[object] = [
    True, False, None, "gaussian", "eva", "orthogonal", "mica", "olora", "pissa", "pissa_niter_4", "corda", "loftq", "lora_ga",
]


def logits(changes: dict[str, object]) -> torch.Tensor:
    """Of tiny-tied with all-linear as PEFT reads it when its config has these changes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(FIXTURES / "adapters" / "all-linear", folder, dirs_exist_ok=True)
        path = folder / "adapter_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
        torch.manual_seed(0)
        model = PeftModel.from_pretrained(build("tiny-tied"), folder).eval()
        with torch.no_grad():
            output = model(input_ids=TOKENS, use_cache=False)
    return output.logits if hasattr(output, "logits") else output[0]


def effect(changes: dict[str, object], plain: torch.Tensor) -> str:
    """'none', 'changes logits', or that PEFT does not read such a file here."""
    try:
        found = logits(changes)
    except Exception as error:
        return f"not read: {type(error).__name__}"
    same = found.shape == plain.shape and float((found - plain).abs().max() / plain.abs().max()) < 1e-5
    return "none" if same else "changes logits"


def main() -> None:
    torch.set_num_threads(1)
    fields = LoraConfig.__dataclass_fields__
    missing, gone = set(fields) - set(SAMPLES), set(SAMPLES) - set(fields)
    assert not missing and not gone, f"options without a value here: {missing}; values without an option: {gone}"
    defaults = json.loads(json.dumps(LoraConfig(task_type="CAUSAL_LM").to_dict(), default=list))
    plain = logits({})
    options = {}
    for name in fields:
        options[name] = {
            "default": defaults.get(name), "value": SAMPLES[name], "effect": effect({name: SAMPLES[name]}, plain),
        }
        print(name, options[name]["effect"], flush=True)
    initialisations = [
        {"value": value, "effect": effect({"init_lora_weights": value}, plain)} for value in INITIALISATIONS
    ]
    for each in initialisations:
        print(each, flush=True)
    folder = FIXTURES / "expected" / "peft-options"
    write_json(folder / "options.json", options)
    write_json(folder / "initialisations.json", initialisations)
    write_provenance(
        folder,
        "Every option of PEFT's LoraConfig with its default, another value, and what that value does to the logits of "
        "tiny-tied with adapter all-linear when PEFT reads it from adapter_config.json. initialisations.json: the same for "
        "the values of init_lora_weights.",
        0,
    )


if __name__ == "__main__":
    main()
