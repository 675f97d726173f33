"""Peak resident memory of this process, as the kernel counts it."""

import re
from pathlib import Path


def reset_peak() -> None:
    """Sets the high-water mark down to what is resident now (proc(5), clear_refs 5)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """VmHWM."""
    match = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert match
    return int(match[1]) * 1024
