"""Writes test/fixtures/expected/losses: loss curves of torch.optim.AdamW on a fixed order of packed blocks."""

import torch
from peft import PeftModel
from peft.optimizers import create_loraplus_optimizer
from safetensors.torch import save_file
from transformers import get_scheduler

from adapters import BFLOAT16_RUNS, FAMILY_MODELS, NUDGE, adapter_tensors, attach, base_to_bfloat16, nudged
from blocks import loss_of, pack, sequences
from provenance import FIXTURES, write_json, write_provenance

SEED = 41
# Seven blocks in batches of two: the last one is short. Indices into `blocks`.
BATCHES = [[0, 1], [2, 3], [4, 5], [6]]

STEPS = 50
CONSTANT = dict(scheduler="constant", warmupSteps=0, weightDecay=0.0, maxGradNorm=0.0, gradientAccumulation=1)
COSINE = dict(scheduler="cosine", warmupSteps=5, weightDecay=0.01, maxGradNorm=1.0, gradientAccumulation=1)
LINEAR = dict(scheduler="linear", warmupSteps=3, weightDecay=0.01, maxGradNorm=0.5, gradientAccumulation=2)


def case(adapter: str, settings: dict, learning_rate: float = 1e-2, lora_plus_ratio: float = 1) -> dict:
    return dict(adapter=adapter, steps=STEPS, learningRate=learning_rate, loraPlusRatio=lora_plus_ratio, **settings)


# With the adapter at the end, and the same in bfloat16.
CASES: dict[str, dict] = {
    "constant": case("all-linear", CONSTANT),
    "cosine": case("all-linear", COSINE),
    "linear-accumulated": case("all-linear", LINEAR),
}
# Only losses, norms and learning rates.
VARIANTS: dict[str, dict] = {
    "untied": case("untied", COSINE),
    "rslora": case("rslora", COSINE),
    "dora": case("dora", COSINE),
    "patterns": case("patterns", COSINE),
    "layers": case("layers", COSINE),
    "together": case("together", COSINE),
    "pissa": case("pissa", COSINE),
    "olora": case("olora", COSINE),
    "lora-plus": case("all-linear", COSINE, 2e-3, 8),
    "lora-plus-dora": case("dora", COSINE, 2e-3, 8),
    "qwen3-dora": case("qwen3-dora", COSINE),
    **{name: case(name, COSINE) for name in FAMILY_MODELS},
}
SCHEDULERS = {"constant": "constant_with_warmup", "cosine": "cosine", "linear": "linear"}


def create_optimizer(case: dict, model: PeftModel) -> torch.optim.Optimizer:
    rate, decay, ratio = case["learningRate"], case["weightDecay"], case["loraPlusRatio"]
    if ratio == 1:
        return torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=decay)
    return create_loraplus_optimizer(
        model, torch.optim.AdamW, lr=rate, loraplus_lr_ratio=ratio, loraplus_weight_decay=decay
    )


def train(case: dict, model: PeftModel) -> dict:
    """One training run: losses, learning rates and gradient norms before clipping, a value a step."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = create_optimizer(case, model)
    scheduler = get_scheduler(
        SCHEDULERS[case["scheduler"]], optimizer,
        num_warmup_steps=case["warmupSteps"], num_training_steps=case["steps"],
    )
    blocks, batches = sequences(SEED), iter(BATCHES * 1000)
    losses, rates, norms = [], [], []
    for _ in range(case["steps"]):
        # Accumulated passes count as one large batch: the mean is over all learnt tokens of the step.
        batch = [blocks[i] for _ in range(case["gradientAccumulation"]) for i in next(batches)]
        loss = loss_of(model, batch)
        loss.backward()
        limit = case["maxGradNorm"] or float("inf")
        norms.append(float(torch.nn.utils.clip_grad_norm_(parameters, limit)))
        rates.append(optimizer.param_groups[0]["lr"])
        losses.append(loss.item())
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return dict(losses=losses, learningRates=rates, gradientNorms=norms, tensors=adapter_tensors(model))


def main() -> None:
    torch.set_num_threads(1)
    folder = FIXTURES / "expected" / "losses"
    folder.mkdir(parents=True, exist_ok=True)
    write_json(
        folder / "data.json",
        {"batches": BATCHES, "blocks": [pack(b) for b in sequences(SEED)]},
    )
    for name, case in VARIANTS.items():
        run = train(case, attach(case["adapter"]))
        exact = train(case, attach(case["adapter"]).double())["losses"]
        difference = max(abs(a - b) for a, b in zip(run["losses"], exact))
        del run["tensors"]
        write_json(folder / f"{name}.json", {**case, **run, "float64Difference": difference})
        print(name, run["losses"][0], run["losses"][-1], "float64 difference", difference, flush=True)
    for name, case in CASES.items():
        run = train(case, attach(case["adapter"]))
        rounded = [
            train(case, nudged(base_to_bfloat16(attach(case["adapter"])), number))["losses"]
            for number in range(BFLOAT16_RUNS)
        ]
        distances = [sum(abs(a - b) for a, b in zip(losses, run["losses"])) / case["steps"] for losses in rounded]
        save_file(run.pop("tensors"), folder / f"{name}.safetensors", {"format": "pt"})
        write_json(
            folder / f"{name}.json",
            {**case, **run, "bfloat16Losses": rounded[0], "bfloat16Distances": distances},
        )
        print(name, run["losses"][0], run["losses"][-1], "bf16 distances", distances, flush=True)
    write_provenance(
        folder,
        "Losses of AdamW (betas 0.9, 0.999, eps 1e-8), starting from the adapter that each file names (fixtures/adapters; pissa and olora from PEFT's "
        "own start, which changes the base; loraPlusRatio other than 1: PEFT's create_loraplus_optimizer): batch i of step i "
        "is batches[i mod 4]; with accumulation n a step takes the next n batches. NAME.safetensors: A and B after the "
        "last step. Schedules are transformers' get_scheduler. float64Difference: largest difference from the same run in float64. "
        "bfloat16Losses: the same with base weights in bfloat16; bfloat16Distances: mean "
        f"absolute difference from the float32 losses of {BFLOAT16_RUNS} such runs, A and B nudged by {NUDGE} of themselves.",
        SEED,
    )


if __name__ == "__main__":
    main()
