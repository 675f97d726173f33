"""Writes test/fixtures/expected/losses: loss curves of torch.optim.AdamW on a fixed order of packed blocks."""

from itertools import cycle

import torch
from peft import PeftModel
from safetensors.torch import save_file

from adamw import COSINE, case, train
from adapters import BFLOAT16_RUNS, FAMILY_MODELS, NUDGE, attach, base_to_bfloat16, nudged
from blocks import Sequence, loss_of, pack, sequences
from expert_adapters import OWN
from provenance import FIXTURES, write_json, write_provenance
from routing import decided, same_choices

SEED = 41
# Seven blocks in batches of two: the last one is short. Indices into `blocks`.
BATCHES = [[0, 1], [2, 3], [4, 5], [6]]
# A mixture learns from a few short sequences, drawn with a seed with which no router is near a tie in any of the steps: where two
# experts are as good as each other, other roundings choose the other one, and the curve goes another way.
MIXTURE_SEEDS = {
    "tiny-qwen2-moe": 275, "tiny-qwen3-moe": 106, "tiny-mixtral": 122, "tiny-olmoe": 133,
    "tiny-qwen2-moe-experts-own": 195, "tiny-qwen3-moe-experts-own": 103, "tiny-mixtral-experts-own": 137, "tiny-olmoe-experts-own": 110,
}
MIXTURE_BATCHES = [[0], [1], [2], [3]]
# Of the probabilities, fifty times what a router's own may be off by in float32.
LEAST_GAP = 5e-4

CONSTANT = dict(scheduler="constant", warmupSteps=0, weightDecay=0.0, maxGradNorm=0.0, gradientAccumulation=1)
LINEAR = dict(scheduler="linear", warmupSteps=3, weightDecay=0.01, maxGradNorm=0.5, gradientAccumulation=2)

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
    # Of experts with an A and B of their own; the file is called after the adapter that has them apart.
    **{name: case(name, COSINE) for name in OWN},
}


def learn(case: dict, model: PeftModel) -> dict:
    """One training run over the blocks."""
    blocks, batches = material(case)
    return train(case, model, ([blocks[i] for i in batch] for batch in cycle(batches)), loss_of)


def material(case: dict) -> tuple[list[list[Sequence]], list[list[int]]]:
    """Blocks and batches."""
    seed = MIXTURE_SEEDS.get(case["adapter"])
    if seed is None:
        return sequences(SEED), BATCHES
    short = min(sequences(seed), key=lambda block: max(len(sequence.tokens) for sequence in block))
    return [[sequence] for sequence in short[: len(MIXTURE_BATCHES)]], MIXTURE_BATCHES


def main() -> None:
    torch.set_num_threads(1)
    folder = FIXTURES / "expected" / "losses"
    folder.mkdir(parents=True, exist_ok=True)
    write_json(
        folder / "data.json",
        {"batches": BATCHES, "blocks": [pack(b) for b in sequences(SEED)]},
    )
    for name, case in VARIANTS.items():
        model, doubled = attach(case["adapter"]), attach(case["adapter"]).double()
        with decided(model, LEAST_GAP) as routing, decided(doubled, LEAST_GAP) as exact_routing:
            run = learn(case, model)
            exact = learn(case, doubled)["losses"]
        assert same_choices(routing, exact_routing), f"{name}: in float64 other experts are chosen; another seed is needed"
        difference = max(abs(a - b) for a, b in zip(run["losses"], exact))
        del run["tensors"]
        if routing.chosen:
            run["smallestRouterGap"] = routing.gap
            blocks, batches = material(case)
            run |= {"batches": batches, "blocks": [pack(block) for block in blocks]}
        if name in OWN:
            name = case["adapter"] = f"{name}-apart"
        write_json(folder / f"{name}.json", {**case, **run, "float64Difference": difference})
        print(name, run["losses"][0], run["losses"][-1], "float64 difference", difference, flush=True)
    for name, case in CASES.items():
        run = learn(case, attach(case["adapter"]))
        rounded = [
            learn(case, nudged(base_to_bfloat16(attach(case["adapter"])), number))["losses"]
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
        "is batches[i mod 4], of data.json where a file has none; with accumulation n a step takes the next n batches. NAME.safetensors: A and B after the "
        "last step. Schedules are transformers' get_scheduler. float64Difference: largest difference from the same run in float64; "
        "smallestRouterGap: how near the last expert chosen and the first one left out ever came. "
        "bfloat16Losses: the same with base weights in bfloat16; bfloat16Distances: mean "
        f"absolute difference from the float32 losses of {BFLOAT16_RUNS} such runs, A and B nudged by {NUDGE} of themselves.",
        SEED,
    )


if __name__ == "__main__":
    main()
