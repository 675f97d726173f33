"""Where fixtures go, and the record beside each of them of how it was made."""

import hashlib
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "test" / "fixtures"
HERE = Path(__file__).resolve().parent
PACKAGES = ["torch", "transformers", "peft", "safetensors", "gguf", "tokenizers", "numpy"]


def write_json(path: Path, value: object) -> None:
    """Writes JSON with one line for each top-level key, making the folder where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, dict):
        lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    else:
        path.write_text(json.dumps(value, ensure_ascii=False) + "\n")


def makers() -> dict[str, str]:
    """SHA-256 of the script that runs and of every module of this folder that it has loaded; a test tells when one has changed since."""
    files = {Path(m.__file__).resolve() for m in list(sys.modules.values()) if getattr(m, "__file__", None)}
    # torch has modules that name a file which is not there, without a folder: read from here, it would lie in this one.
    own = sorted(file for file in files if file.parent == HERE and file.exists() and file != Path(__file__).resolve())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in own}


def write_provenance(folder: Path, what: str, seed: int, packages: list[str] = PACKAGES) -> None:
    """Writes provenance.json: what the folder holds, the seed, the command, the versions and what the scripts were."""
    script = Path(sys.argv[0]).resolve().relative_to(ROOT)
    write_json(
        folder / "provenance.json",
        {
            "what": what,
            "seed": seed,
            "command": f"python {script}",
            "python": platform.python_version(),
            "machine": platform.machine(),
            "versions": {name: version(name) for name in packages},
            "makers": makers(),
        },
    )
