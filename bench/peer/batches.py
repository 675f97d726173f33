"""Rows of a request as the tensors that transformers takes."""

import torch

from models import DEVICE

NO_LABEL = -100


def inputs_of(batch: list[dict]) -> dict[str, torch.Tensor]:
    """
    input_ids and labels [B, T]; position_ids where a row holds several sequences (transformers then lets a token see
    only its own), attention_mask where rows are padded, and neither where neither is needed, which is the fastest.
    """
    segments = torch.tensor([row["segments"] for row in batch])
    labels = torch.tensor([row["labels"] for row in batch])
    # transformers shifts labels itself.
    shifted = torch.nn.functional.pad(labels[:, :-1], (1, 0), value=NO_LABEL)
    inputs = {"input_ids": torch.tensor([row["tokens"] for row in batch]), "labels": shifted}
    if int(segments.max()) > 1:
        inputs["position_ids"] = torch.tensor([row["positions"] for row in batch])
    elif int(segments.min()) == 0:
        inputs["attention_mask"] = (segments > 0).long()
    return {name: tensor.to(DEVICE) for name, tensor in inputs.items()}


def learnt_in(inputs: dict[str, torch.Tensor]) -> int:
    """Positions with loss."""
    return int((inputs["labels"] != NO_LABEL).sum())
