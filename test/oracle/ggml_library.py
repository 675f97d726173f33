"""llama.cpp as node-llama-cpp brings it to this project's tests: its quantiser, called as a C library."""

import ctypes
import json
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType
from gguf.constants import GGML_QUANT_SIZES, LlamaFileType

from provenance import ROOT

PACKAGE = ROOT / "node_modules" / "@node-llama-cpp" / "linux-x64"
FOLDER = PACKAGE / "bins" / "linux-x64"


class QuantizeParams(ctypes.Structure):
    """llama_model_quantize_params of llama.h."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("nthread", "ftype", "output_tensor_type", "token_embedding_type")),
        *(
            (name, ctypes.c_bool)
            for name in ("allow_requantize", "quantize_output_tensor", "only_copy", "pure", "keep_split", "dry_run")
        ),
        *((name, ctypes.c_void_p) for name in ("imatrix", "kv_overrides", "tt_overrides", "prune_layers")),
    ]


def library(name: str) -> ctypes.CDLL:
    return ctypes.CDLL(str(next(FOLDER.glob(f"{name}*so"))), mode=ctypes.RTLD_GLOBAL)


# Each needs those before it.
ggml = library("libggml-base.")
library("libggml.")
llama = library("libllama.")

ggml.ggml_quantize_chunk.restype = ctypes.c_size_t
ggml.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int64] * 3, ctypes.c_void_p]
llama.llama_model_quantize_default_params.restype = QuantizeParams
llama.llama_model_quantize.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(QuantizeParams)]


def release() -> str:
    package = json.loads((PACKAGE / "package.json").read_text())
    build = json.loads((FOLDER / "_nlcBuildMetadata.json").read_text())
    return f"{package['name']} {package['version']}, llama.cpp {build['buildOptions']['llamaCpp']['release']}"


def quantized(values: np.ndarray, kind: str) -> np.ndarray:
    """Bytes of float32 rows [n, columns] in a type, without an importance matrix. [n, bytes of a row]"""
    elements, size = GGML_QUANT_SIZES[GGMLQuantizationType[kind]]
    rows, columns = values.shape
    result = np.zeros((rows, columns // elements * size), dtype=np.uint8)
    source = np.ascontiguousarray(values, dtype=np.float32)
    written = ggml.ggml_quantize_chunk(
        GGMLQuantizationType[kind], source.ctypes.data, result.ctypes.data, 0, rows, columns, None
    )
    assert written == result.size
    return result


def quantize_file(source: Path, target: Path, file_type: str) -> None:
    """Quantises a GGUF file to MOSTLY_`file_type` (or ALL_F32)."""
    params = llama.llama_model_quantize_default_params()
    defaults = (params.ftype, params.quantize_output_tensor, params.pure, params.imatrix)
    assert defaults == (LlamaFileType.MOSTLY_Q8_0, True, False, None), "llama_model_quantize_params has changed"
    params.nthread = 1
    params.ftype = LlamaFileType["ALL_F32" if file_type == "F32" else f"MOSTLY_{file_type}"]
    assert llama.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(params)) == 0
