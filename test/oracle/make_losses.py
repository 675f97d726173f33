"""Writes test/fixtures/expected/losses: loss curves of torch.optim.AdamW on a fixed order of packed blocks."""

import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import get_scheduler

from adapters import BFLOAT16_RUNS, NUDGE, adapter_tensors, attach, base_to_bfloat16, nudged
from blocks import loss_of, pack, sequences
from provenance import FIXTURES, write_json, write_provenance

SEED = 41
# Seven blocks in batches of two: the last one is short. Indices into `blocks`.
BATCHES = [[0, 1], [2, 3], [4, 5], [6]]

CASES: dict[str, dict] = {
    "constant": dict(steps=50, learningRate=1e-2, scheduler="constant", warmupSteps=0, weightDecay=0.0, maxGradNorm=0.0, gradientAccumulation=1),
    "cosine": dict(steps=50, learningRate=1e-2, scheduler="cosine", warmupSteps=5, weightDecay=0.01, maxGradNorm=1.0, gradientAccumulation=1),
    "linear-accumulated": dict(steps=20, learningRate=1e-2, scheduler="linear", warmupSteps=3, weightDecay=0.01, maxGradNorm=0.5, gradientAccumulation=2),
}
SCHEDULERS = {"constant": "constant_with_warmup", "cosine": "cosine", "linear": "linear"}


def train(case: dict, model: PeftModel) -> dict:
    """One training run: losses, learning rates and gradient norms before clipping, a value a step."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=case["learningRate"], weight_decay=case["weightDecay"])
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
        {"adapter": "all-linear", "batches": BATCHES, "blocks": [pack(b) for b in sequences(SEED)]},
    )
    for name, case in CASES.items():
        run = train(case, attach("all-linear"))
        rounded = [
            train(case, nudged(base_to_bfloat16(attach("all-linear")), number))["losses"]
            for number in range(BFLOAT16_RUNS)
        ]
        distances = [sum(abs(a - b) for a, b in zip(losses, run["losses"])) / case["steps"] for losses in rounded]
        save_file(run.pop("tensors"), folder / f"{name}.safetensors", {"format": "pt"})
        write_json(
            folder / f"{name}.json",
            {**case, **run, "bfloat16Losses": rounded[0], "bfloat16Distances": distances},
        )
        print(name, run["losses"][0], run["losses"][-1], "bf16 distances", distances)
    write_provenance(
        folder,
        "Losses of AdamW (betas 0.9, 0.999, eps 1e-8) on tiny-tied, starting from adapter all-linear: batch i of step i "
        "is batches[i mod 4]; with accumulation n a step takes the next n batches. NAME.safetensors: A and B after the "
        "last step. Schedules are transformers' get_scheduler. bfloat16Losses: the same with base weights in bfloat16; bfloat16Distances: mean "
        f"absolute difference from the float32 losses of {BFLOAT16_RUNS} such runs, A and B nudged by {NUDGE} of themselves.",
        SEED,
    )


if __name__ == "__main__":
    main()
