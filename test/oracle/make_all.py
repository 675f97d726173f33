"""Writes every fixture of the models, adapters, gradients and losses anew, each script in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = [
    "make_models.py", "make_gguf.py", "make_adapters.py", "make_compositions.py", "make_options.py", "make_gradients.py",
    "make_router_loss.py", "make_losses.py", "make_classification.py", "make_chats.py", "make_graph_operations.py",
    "make_tokenizer_kinds.py", "make_parquet.py", "make_quantised.py", "make_packed.py", "make_bitsandbytes.py",
]


def main() -> None:
    # One thread and a fixed hash seed: PEFT writes target modules in the order of a Python set.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    for script in SCRIPTS:
        print(script, flush=True)
        subprocess.run([sys.executable, "-W", "ignore", script], cwd=Path(__file__).parent, env=environment, check=True)


if __name__ == "__main__":
    main()
