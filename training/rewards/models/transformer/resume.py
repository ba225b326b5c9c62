"""Where a killed run goes on: weights, optimiser and the course so far, as safetensors and JSON."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file


@dataclass
class Course:
    """How far a training has come; `finished` means that nothing is left to do but to read `best`."""

    epoch: int
    since_better: int
    best_loss: float | None
    curve: list[dict[str, Any]]
    finished: bool = False


class Saves:
    """The state of one training in a folder of its own; None keeps none."""

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.folder, self.fingerprint = folder, fingerprint

    def write(
        self,
        course: Course,
        weights: dict[str, torch.Tensor],
        best: dict[str, torch.Tensor],
        optimiser: torch.optim.Optimizer | None,
    ) -> None:
        """Replace the state at once, so that a kill leaves the old or the new one."""
        if self.folder is None:
            return
        fresh = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        tensors = {f"best.{name}": value.contiguous() for name, value in best.items()}
        state: dict[str, Any] = {}
        if optimiser is not None:
            tensors |= {f"now.{name}": value.contiguous() for name, value in weights.items()}
            tensors["random"] = torch.get_rng_state()
            state = optimiser.state_dict()
            for parameter, values in state["state"].items():
                for name, value in values.items():
                    tensors[f"optimiser.{parameter}.{name}"] = value.contiguous()
        save_file({name: value.clone() for name, value in tensors.items()}, fresh / "state.safetensors")
        about = {"fingerprint": self.fingerprint, "course": vars(course)}
        (fresh / "course.json").write_text(json.dumps(about))
        old = self.folder.with_name(self.folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(old)
        fresh.rename(self.folder)
        shutil.rmtree(old, ignore_errors=True)

    def read(self) -> tuple[Course, dict[str, torch.Tensor]] | None:
        """The last state of the same training; None where there is none, or it is another's or damaged."""
        if self.folder is None:
            return None
        for folder in (self.folder, self.folder.with_name(self.folder.name + ".old")):
            try:
                about = json.loads((folder / "course.json").read_text())
                if about["fingerprint"] == self.fingerprint:
                    return Course(**about["course"]), load_file(folder / "state.safetensors")
            except (OSError, ValueError, KeyError, SafetensorError):
                continue
        return None


def optimiser_restore(optimiser: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    """Put saved moments back into an optimiser of the same parameters."""
    state = optimiser.state_dict()
    found: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimiser."):
            _, parameter, moment = name.split(".", 2)
            found.setdefault(int(parameter), {})[moment] = value
    optimiser.load_state_dict({"state": found, "param_groups": state["param_groups"]})
