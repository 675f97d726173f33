"""Base + adapter as one model on disk."""

import time

from models import DTYPES, attach, load_base


def merge_files(request: dict) -> dict:
    """From files to files, reading included; merged in float32."""
    started = time.perf_counter()
    model = attach(load_base(request["model"], "float32"), request["adapter"], trainable=False)
    model.merge_and_unload().to(DTYPES[request["dtype"]]).save_pretrained(request["output"])
    return {"seconds": time.perf_counter() - started}
