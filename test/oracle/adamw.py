"""Training with torch.optim.AdamW, and the settings of a run as the fixtures have them."""

from collections.abc import Callable, Iterator

import torch
from peft import PeftModel
from peft.optimizers import create_loraplus_optimizer
from transformers import get_scheduler

from adapters import adapter_tensors

STEPS = 50
COSINE = dict(scheduler="cosine", warmupSteps=5, weightDecay=0.01, maxGradNorm=1.0, gradientAccumulation=1)
SCHEDULERS = {"constant": "constant_with_warmup", "cosine": "cosine", "linear": "linear"}


def case(adapter: str, settings: dict, learning_rate: float = 1e-2, lora_plus_ratio: float = 1) -> dict:
    """A run that starts from the adapter of that name."""
    return dict(adapter=adapter, steps=STEPS, learningRate=learning_rate, loraPlusRatio=lora_plus_ratio, **settings)


def create_optimizer(case: dict, model: PeftModel) -> torch.optim.Optimizer:
    rate, decay, ratio = case["learningRate"], case["weightDecay"], case["loraPlusRatio"]
    if ratio == 1:
        return torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=decay)
    return create_loraplus_optimizer(
        model, torch.optim.AdamW, lr=rate, loraplus_lr_ratio=ratio, loraplus_weight_decay=decay
    )


def train(
    case: dict, model: PeftModel, batches: Iterator[list], loss_of: Callable[[PeftModel, list], torch.Tensor]
) -> dict:
    """One training run: losses, learning rates and gradient norms before clipping, a value a step; the adapter at its end."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = create_optimizer(case, model)
    scheduler = get_scheduler(
        SCHEDULERS[case["scheduler"]], optimizer,
        num_warmup_steps=case["warmupSteps"], num_training_steps=case["steps"],
    )
    losses, rates, norms = [], [], []
    for _ in range(case["steps"]):
        # Accumulated passes count as one large batch: the mean is over all that is learnt in the step.
        loss = loss_of(model, [example for _ in range(case["gradientAccumulation"]) for example in next(batches)])
        loss.backward()
        limit = case["maxGradNorm"] or float("inf")
        norms.append(float(torch.nn.utils.clip_grad_norm_(parameters, limit)))
        rates.append(optimizer.param_groups[0]["lr"])
        losses.append(loss.item())
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return dict(losses=losses, learningRates=rates, gradientNorms=norms, tensors=adapter_tensors(model))
