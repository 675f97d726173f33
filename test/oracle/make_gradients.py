"""Writes test/fixtures/expected/gradients: the gradient of every A and B for one batch of two packed blocks."""

import torch
from safetensors.torch import save_file

from adapters import BFLOAT16_RUNS, FAMILY_MODELS, adapter_tensors, attach, base_model, base_to_bfloat16, nudged
from blocks import loss_of, pack, sequences
from expert_adapters import OWN, SHARED, apart
from provenance import FIXTURES, write_json, write_provenance
from routing import decided

SEED = 31


def relative_distance(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> float:
    """Euclidean distance of all tensors together, over the norm of the expected ones."""
    difference = sum(float((found[key] - expected[key]).pow(2).sum()) for key in expected)
    return (difference / sum(float(value.pow(2).sum()) for value in expected.values())) ** 0.5


def main() -> None:
    torch.set_num_threads(1)
    folder = FIXTURES / "expected" / "gradients"
    folder.mkdir(parents=True, exist_ok=True)
    batch = sequences(SEED)[:2]
    model = attach("all-linear")
    loss = loss_of(model, batch)
    loss.backward()
    exact = attach("all-linear").double()
    exact_loss = loss_of(exact, batch)
    exact_loss.backward()
    distances = []
    for run in range(BFLOAT16_RUNS):
        rounded = nudged(base_to_bfloat16(attach("all-linear")), run)
        loss_of(rounded, batch).backward()
        distances.append(relative_distance(adapter_tensors(rounded, True), adapter_tensors(model, True)))
    save_file(adapter_tensors(model, gradients=True), folder / "gradients.safetensors", {"format": "pt"})
    largest = max(
        float((a - b).abs().max() / b.abs().max())
        for a, b in zip(adapter_tensors(model, True).values(), adapter_tensors(exact, True).values())
    )
    write_json(
        folder / "batch.json",
        {"adapter": "all-linear", "loss": loss.item(), "float64Loss": exact_loss.item(),
         "float64GradientDifference": largest,
         "bfloat16GradientDistances": distances,
         "blocks": [pack(b) for b in batch]},
    )
    write_provenance(
        folder,
        "Loss (mean over the learnt tokens of two packed blocks) and gradients of all A and B of adapter all-linear on "
        "tiny-tied, computed sequence by sequence, unpacked, in float32; how far that is from float64, and how far "
        "PyTorch is from it in bfloat16, stands beside it.",
        SEED,
    )
    for name in ("dora", "untied", "qwen3-dora", *FAMILY_MODELS, *SHARED, *OWN):
        float32_only(name)


def float32_only(name: str) -> None:
    """The same batch with another adapter; of DoRA gradients of its magnitudes, too, of experts with an A of their own theirs."""
    saved = f"{name}-apart" if name in OWN else name
    folder = FIXTURES / "expected" / f"gradients-{saved}"
    folder.mkdir(parents=True, exist_ok=True)
    batch = sequences(SEED)[:2]
    model = attach(name)
    with decided(model):
        loss = loss_of(model, batch)
    loss.backward()
    gradients = adapter_tensors(model, gradients=True)
    if name in OWN:
        gradients = apart(gradients, base_model(name), own=True)
    save_file(gradients, folder / "gradients.safetensors", {"format": "pt"})
    write_json(folder / "batch.json", {"adapter": saved, "loss": loss.item(), "blocks": [pack(b) for b in batch]})
    write_provenance(
        folder,
        f"Loss and gradients of all that adapter {saved} trains on {base_model(name)}, for the batch of expected/gradients.",
        SEED,
    )


if __name__ == "__main__":
    main()
