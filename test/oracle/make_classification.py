"""Writes test/fixtures/classifiers: tiny models that classify, with an adapter and a head saved by PEFT, and what they compute.

Every sequence is run by itself: there is no padding in these numbers.
"""

import shutil
from itertools import cycle
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForSequenceClassification

from adamw import COSINE, case, train
from adapters import adapter_tensors, randomised
from provenance import FIXTURES, write_json, write_provenance
from tiny_classifiers import CLASSIFIERS, MULTI, REGRESSION, SINGLE, build_classifier, labels_of
from tiny_models import freeze

# A text, or a pair of them, with its label in each kind of problem: a class, which classes (1) or not (0), a number.
TEXTS: list[tuple[tuple[str, ...], dict]] = [
    (("turn on the light in the kitchen",), {SINGLE: 1, MULTI: [0.0, 1.0, 0.0], REGRESSION: 1.0}),
    (("Light off",), {SINGLE: 0, MULTI: [1.0, 0.0, 0.0], REGRESSION: 0.0}),
    (("set the bedroom light to 40 percent", "is it on?"), {SINGLE: 1, MULTI: [0.0, 1.0, 1.0], REGRESSION: 0.4}),
    (("the kitchen", "turn the light off in the bedroom!"), {SINGLE: 0, MULTI: [1.0, 0.0, 1.0], REGRESSION: -0.5}),
    (("nothing is lighter than light",), {SINGLE: 2, MULTI: [0.0, 0.0, 1.0], REGRESSION: 0.7}),
    (("off",), {SINGLE: 0, MULTI: [0.0, 0.0, 0.0], REGRESSION: -1.25}),
    (("is the kitchen light on", "maybe"), {SINGLE: 2, MULTI: [1.0, 1.0, 1.0], REGRESSION: 2.0}),
]
# Sequences of each step in turn.
BATCHES = [[0, 1, 2], [3, 4], [5, 6]]


def sequences(name: str) -> list[dict]:
    """The texts as the model takes them, `types` only where it has them, and their labels."""
    tokenizer, problem = CLASSIFIERS[name].tokenizer(), CLASSIFIERS[name].problem
    result = []
    for texts, labels in TEXTS:
        encoded = tokenizer(*texts)
        types = {"types": encoded.token_type_ids} if "token_type_ids" in encoded else {}
        result.append({"texts": texts, "tokens": encoded.input_ids, **types, "label": labels[problem]})
    return result


def run_one(model: torch.nn.Module, sequence: dict):
    """transformers' output for one sequence, with its own loss."""
    label = torch.tensor([sequence["label"]])
    return model(
        input_ids=torch.tensor([sequence["tokens"]]),
        labels=label.to(model.dtype) if label.is_floating_point() else label,
        **({"token_type_ids": torch.tensor([sequence["types"]])} if "types" in sequence else {}),
    )


def loss_of(model: torch.nn.Module, batch: list[dict]) -> torch.Tensor:
    """Mean over the sequences; with several labels at once each one's is the mean over them."""
    return torch.stack([run_one(model, sequence).loss for sequence in batch]).mean()


def logits_of(model: torch.nn.Module, batch: list[dict]) -> torch.Tensor:
    """[sequences, labels]"""
    with torch.no_grad():
        return torch.cat([run_one(model, sequence).logits for sequence in batch])


def attach(name: str) -> PeftModel:
    """Its model with an adapter, and with a head that is not the base's."""
    classifier = CLASSIFIERS[name]
    config = LoraConfig(
        task_type="SEQ_CLS", r=4, lora_alpha=8, lora_dropout=0.0, target_modules=list(classifier.targets),
        modules_to_save=list(classifier.head) or None,
    )
    torch.manual_seed(classifier.seed)
    model = get_peft_model(freeze(build_classifier(name)), config)
    model.peft_config["default"].base_model_name_or_path = name
    return randomised(model, classifier.seed + 100).eval()


def as_read(folder: Path) -> PeftModel:
    """Model and adapter from their folders, as a user has them."""
    base = AutoModelForSequenceClassification.from_pretrained(folder / "model", attn_implementation="eager")
    return PeftModel.from_pretrained(base, folder / "adapter").eval()


def curve(name: str) -> dict:
    """Fifty steps of AdamW from the adapter, and how far that is from the same in float64."""
    batch, settings = sequences(name), case("adapter", COSINE)

    def learn(model: PeftModel) -> dict:
        return train(settings, model, ([batch[i] for i in step] for step in cycle(BATCHES)), loss_of)

    run, exact = learn(attach(name)), learn(attach(name).double())["losses"]
    del run["tensors"]
    return {**settings, **run, "float64Difference": max(abs(a - b) for a, b in zip(run["losses"], exact))}


def write(name: str) -> None:
    folder, classifier, batch = FIXTURES / "classifiers" / name, CLASSIFIERS[name], sequences(name)
    shutil.rmtree(folder, ignore_errors=True)
    base = build_classifier(name)
    base.save_pretrained(folder / "model")
    classifier.tokenizer().save_pretrained(folder / "model")
    model = attach(name)
    model.save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)  # a model card form, no use here

    adapted = logits_of(model, batch)
    assert torch.allclose(logits_of(as_read(folder), batch), adapted, atol=1e-5), name
    loss = loss_of(model, batch)
    loss.backward()
    save_file(adapter_tensors(model, gradients=True), folder / "gradients.safetensors", {"format": "pt"})
    merged = logits_of(model.merge_and_unload(), batch)
    save_file(
        {"logits": logits_of(base, batch), "adapter.logits": adapted, "merged.logits": merged},
        folder / "logits.safetensors", {"format": "pt"},
    )
    write_json(
        folder / "sequences.json",
        {"problem": classifier.problem, "labels": labels_of(name), "loss": loss.item(), "batches": BATCHES, "sequences": batch},
    )
    losses = curve(name)
    write_json(folder / "losses.json", losses)
    write_provenance(
        folder,
        f"model: a tiny {classifier.model_type} with a head for {classifier.problem}, and a tokenizer. adapter: of PEFT, on all its "
        "linear modules or some, with a head of its own. sequences.json: texts and pairs, their tokens, and the mean loss with the adapter over all of "
        "them. logits.safetensors [sequences, labels]: of the base, with the adapter, and merged. gradients.safetensors: of that loss. "
        "losses.json: fifty steps of AdamW from the adapter; step i takes the sequences of batches[i mod 3]. All in float32, "
        "each sequence by itself; float64Difference: largest difference of these losses from those in float64.",
        classifier.seed,
    )
    print(name, losses["losses"][0], losses["losses"][-1], "float64 difference", losses["float64Difference"], flush=True)


def main() -> None:
    torch.set_num_threads(1)
    for name in CLASSIFIERS:
        write(name)


if __name__ == "__main__":
    main()
