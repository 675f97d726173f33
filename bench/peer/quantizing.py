"""A GGUF file in another type, by llama.cpp's own quantiser."""

import ctypes
import os
import sys
import time
from pathlib import Path

# Where the library is, and how it is called, is written once.
sys.path.append(str(Path(__file__).resolve().parents[2] / "test" / "oracle"))


def quantize_file(request: dict) -> dict:
    """From file to file, reading included; loading the library is not counted."""
    from gguf.constants import LlamaFileType
    from ggml_library import llama

    params = llama.llama_model_quantize_default_params()
    params.nthread = int(os.environ["LORIKEET_BENCH_THREADS"])
    params.ftype = LlamaFileType[f"MOSTLY_{request['type']}"]
    started = time.perf_counter()
    failed = llama.llama_model_quantize(request["model"].encode(), request["output"].encode(), ctypes.byref(params))
    assert failed == 0, "llama.cpp has not quantised"
    return {"seconds": time.perf_counter() - started}
