"""PyTorch + PEFT's side of the bench: answers requests on stdin, one JSON line each, in the order they come."""

import json
import os
import sys

# Libraries print; only replies may go to stdout.
REPLIES = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

from memory import peak_bytes, reset_peak  # noqa: E402

reset_peak()

import torch  # noqa: E402

from answering import Answering  # noqa: E402
from merging import merge_files  # noqa: E402
from quantizing import quantize_file  # noqa: E402
from training import Training, write_logits  # noqa: E402
from versions import versions  # noqa: E402

torch.set_num_threads(int(os.environ["LORIKEET_BENCH_THREADS"]))

training = Training()
answering = Answering()

HANDLERS = {
    "hello": lambda request: {"versions": versions()},
    "load": training.load,
    "step": training.step,
    "evaluate": training.evaluate,
    "gradient": training.gradient,
    "logits": write_logits,
    "loadGenerator": answering.load,
    "generate": answering.generate,
    "merge": merge_files,
    "quantize": quantize_file,
    "memory": lambda request: {"peakBytes": peak_bytes()},
}


def main() -> None:
    for line in sys.stdin:
        try:
            request = json.loads(line)
            reply = {"ok": HANDLERS[request["do"]](request)}
        except Exception as error:  # the driver says which request it was
            reply = {"error": f"{type(error).__name__}: {error}"}
        REPLIES.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main()
