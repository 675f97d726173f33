"""Models that answer: the base alone and with an adapter."""

import time

import torch

from models import DEVICE, attach, computing, load_base


class Answering:
    """Models by whether they have an adapter."""

    def __init__(self) -> None:
        self.models: dict[bool, torch.nn.Module] = {}
        self.precision = ""

    def load(self, request: dict) -> dict:
        """A model of its own for each: the base of an adapter is not shared."""
        adapter = request["adapter"]
        self.precision = request["variant"]["precision"]
        base = load_base(request["model"], self.precision)
        self.models[adapter is not None] = (attach(base, adapter, trainable=False) if adapter else base).eval()
        return {"precision": self.precision}

    def generate(self, request: dict) -> dict:
        """Greedy with a KV cache, and past any end of turn, so that every answer has the same length."""
        model = self.models[request["adapted"]]
        prompt = torch.tensor([request["prompt"]], device=DEVICE)
        count = request["newTokens"]
        started = time.perf_counter()
        with torch.inference_mode(), computing(self.precision):
            output = model.generate(
                input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, use_cache=True,
                max_new_tokens=count, eos_token_id=None, pad_token_id=0,
            )
        tokens = output[0, prompt.shape[1] :].tolist()
        return {"seconds": time.perf_counter() - started, "tokens": tokens}
