"""A model in training."""

import time

import torch
from safetensors.torch import save_file

from batches import inputs_of, learnt_in
from models import DEVICE, attach, computing, load_base


class Training:
    """The model, its optimiser, and the precision that it runs in."""

    model = None
    optimizer = None
    precision = ""

    def load(self, request: dict) -> dict:
        """Takes the place of what was loaded before."""
        started = time.perf_counter()
        self.model = self.optimizer = None
        variant = request["variant"]
        self.precision = variant["precision"]
        base = load_base(request["model"], self.precision)
        base.config.use_cache = False
        if variant["checkpointing"]:
            base.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
            base.enable_input_require_grads()
        self.model = attach(base, request["adapter"], trainable=True).train()
        trained = [p for p in self.model.parameters() if p.requires_grad]
        # fused is the fastest AdamW.
        self.optimizer = torch.optim.AdamW(trained, lr=request["learningRate"], weight_decay=0.0, fused=True)
        return {"seconds": time.perf_counter() - started, "precision": self.precision}

    def loss(self, inputs: dict) -> torch.Tensor:
        """Mean over the learnt positions, nats."""
        with computing(self.precision):
            return self.model(**inputs, use_cache=False).loss

    def step(self, request: dict) -> dict:
        """One update."""
        inputs = inputs_of(request["batch"])
        started = time.perf_counter()
        loss = self.loss(inputs)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        value = loss.item()
        return {"seconds": time.perf_counter() - started, "loss": value}

    def evaluate(self, request: dict) -> dict:
        """Mean over the learnt positions of all batches, nats."""
        total, count = 0.0, 0
        self.model.eval()
        with torch.no_grad():
            for batch in request["batches"]:
                inputs = inputs_of(batch)
                learnt = learnt_in(inputs)
                total += self.loss(inputs).item() * learnt
                count += learnt
        self.model.train()
        return {"loss": total / count}

    def gradient(self, request: dict) -> dict:
        """Gradients of A and B by the names PEFT saves them under."""
        loss = self.loss(inputs_of(request["batch"]))
        loss.backward()
        tensors = {
            name.replace(".default.", "."): parameter.grad.float().contiguous()
            for name, parameter in self.model.named_parameters()
            if parameter.requires_grad
        }
        save_file(tensors, request["output"], {"format": "pt"})
        self.optimizer.zero_grad(set_to_none=True)
        return {"loss": loss.item()}


def write_logits(request: dict) -> dict:
    """Float32 logits [1, T, V] of base and adapter."""
    model = attach(load_base(request["model"], "float32"), request["adapter"], trainable=False).eval()
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([request["tokens"]], device=DEVICE), use_cache=False).logits
    save_file({"logits": logits.contiguous()}, request["output"], {"format": "pt"})
    return {}
