"""Writes test/fixtures/expected/router-loss-NAME: loss and gradients with the auxiliary loss that keeps experts evenly in use."""

import torch
from safetensors.torch import save_file

from adapters import adapter_tensors, attach
from blocks import NO_LABEL, Sequence, pack, sequences
from expert_adapters import MODELS
from provenance import FIXTURES, write_json, write_provenance

SEED = 31
# Files say 0.001 or 0.01, of which nothing would be seen in the gradients.
COEFFICIENT = 1.0


def padded(batch: list[Sequence]) -> dict[str, torch.Tensor]:
    """The sequences one below the other, as transformers takes them. [sequences, longest]"""
    longest = max(len(sequence.tokens) for sequence in batch)

    def rows(of) -> torch.Tensor:
        return torch.tensor([[*of(sequence), *[0] * (longest - len(sequence.tokens))] for sequence in batch])

    mask = rows(lambda s: [1] * len(s.tokens))
    labels = rows(lambda s: [t if learnt else NO_LABEL for t, learnt in zip(s.tokens, s.learnt)])
    return dict(input_ids=rows(lambda s: s.tokens), attention_mask=mask, labels=labels.masked_fill(mask == 0, NO_LABEL))


def gradients_with(name: str, batch: list[Sequence], coefficient: float) -> tuple[dict[str, torch.Tensor], float, float]:
    """Gradients of A and B, the whole loss and the auxiliary part of it, before it is multiplied."""
    model = attach(name)
    model.get_base_model().router_aux_loss_coef = coefficient
    output = model(**padded(batch), output_router_logits=True, use_cache=False)
    output.loss.backward()
    return adapter_tensors(model, gradients=True), output.loss.item(), output.aux_loss.item()


def main() -> None:
    torch.set_num_threads(1)
    blocks = sequences(SEED)[:2]
    batch = [sequence for block in blocks for sequence in block]
    for name in MODELS:
        folder = FIXTURES / "expected" / f"router-loss-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        gradients, loss, auxiliary = gradients_with(name, batch, COEFFICIENT)
        without, _, _ = gradients_with(name, batch, 0)
        changed = [float((gradients[key] - value).norm() / value.norm()) for key, value in without.items()]
        assert max(changed) > 0.1, f"{name}: nothing is seen of the auxiliary loss: {max(changed)}"
        save_file(gradients, folder / "gradients.safetensors", {"format": "pt"})
        write_json(
            folder / "batch.json",
            {"adapter": name, "coefficient": COEFFICIENT, "loss": loss, "auxiliaryLoss": auxiliary,
             "blocks": [pack(block) for block in blocks]},
        )
        write_provenance(
            folder,
            f"As expected/gradients-{name}, with transformers' auxiliary loss of the routers, over all layers and sequences of the "
            "batch together: loss is the mean over the learnt tokens plus coefficient times auxiliaryLoss.",
            SEED,
        )
        print(name, loss, auxiliary, "largest change of a gradient", max(changed), flush=True)


if __name__ == "__main__":
    main()
