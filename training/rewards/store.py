"""Reward models on disk: one JSON file for what people can read, one safetensors file for arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DESCRIPTION: Final = "model.json"
ARRAYS: Final = "model.safetensors"
FORMAT: Final = 2


class ArtifactError(ValueError):
    """A folder does not hold a reward model that this version can read."""


def model_write(folder: Path, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes both files into ``folder``, made if absent; equal models give equal bytes."""
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {"format": FORMAT, **description}, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False
    )
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
    contiguous = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    (folder / ARRAYS).write_bytes(save(contiguous))


def model_read(folder: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Description and arrays of the model in ``folder``.

    Raises ArtifactError where a file is missing, damaged or of another format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        arrays = load((folder / ARRAYS).read_bytes())
    except (OSError, ValueError, SafetensorError) as error:
        raise ArtifactError(f"no reward model can be read from {folder.name!r}: {error}") from error
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise ArtifactError(f"the reward model in {folder.name!r} has another format than {FORMAT}")
    return description, arrays
