"""Holding a new version to the project's scale of rewards; see `training.rewards.anchors`.

The first version freezes the anchors in an archive of their own and sets the scale. What each version was held
to stands in `evaluation["scale"]` of its row; the line itself lies beside its files, where scoring reads it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from training.artifacts import ArtifactError, anchors_load, anchors_save, artifact_folder
from training.rewards.anchors import FEWEST, Moments, Scale, anchors_draw, anchors_read, anchors_wire
from training.rewards.models import load
from training.rewards.store import ArtifactError as ModelError
from training.selectors.models import champion_of, scale_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotation.models import Project
    from training.artifacts import Artifact
    from training.models import RewardModel
    from training.rewards.data import Completion, Prompt
    from training.rewards.models.base import TextItem

PROBLEMS: Final = {
    "few": f"there are fewer than {FEWEST} different outputs to anchor them by",
    "unreadable": "the anchors cannot be read",
    "unscorable": "the anchors lack something that the model reads",
}
FLAT: Final = {
    "": "",
    "constant": " The model gives all anchors the same reward, so only the mean is kept.",
    "reference_constant": " The earlier version gave all anchors the same reward, so only the mean is kept.",
}


class _CannotAnchorError(Exception):
    """A version keeps its own scale; the argument is a key of `PROBLEMS`."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """What became of a version's scale.

    `kept` goes into its row; `reference` is the version whose row the scale was taken from, None where there
    was none; `frozen` the archive of the anchors where this version made it; `message` a line for the log.
    """

    scale: Scale
    kept: dict[str, Any]
    reference: int | None
    message: str
    frozen: Artifact | None = None


def model_anchor(*, project: Project, rows: Sequence[tuple[Prompt, Completion]], folder: Path) -> Anchored:
    """Hold the model in `folder` to the project's scale, and write that beside its files.

    `rows` are outputs that it learned from: a project's first version draws the anchors from them.
    """
    Scale().save(folder)
    reference = scale_reference(project.id)
    try:
        anchored = _first(project, rows, folder) if reference is None else _later(reference, rows, folder)
    except _CannotAnchorError as problem:
        code = str(problem)
        message = f"The rewards keep a scale of their own: {PROBLEMS[code]}."
        return Anchored(Scale(), _kept(Scale(), code), reference.id if reference else None, message)
    anchored.scale.save(folder)
    return anchored


def _first(project: Project, rows: Sequence[tuple[Prompt, Completion]], folder: Path) -> Anchored:
    """Freeze the anchors. A champion from before there were any sets the scale, else the model itself."""
    anchors = anchors_draw(rows, salt=project.salt)
    if len(anchors) < FEWEST:
        raise _CannotAnchorError("few")
    own = _moments(folder, anchors)
    champion = champion_of(project.id)
    served = None if champion is None else _served(champion, anchors)
    frozen = anchors_save(anchors_wire(anchors), project_id=project.id)
    scale, note = Scale.between(own, served or own, frozen.sha256)
    version = champion.version if champion and served else None
    kept = _kept(scale, note) | _figures(own, scale, version, frozen.name, len(anchors))
    return Anchored(scale, kept, None, _message(kept), frozen)


def _later(reference: RewardModel, rows: Sequence[tuple[Prompt, Completion]], folder: Path) -> Anchored:
    """Take the scale that is there."""
    held = reference.evaluation["scale"]
    try:
        anchors = anchors_read(anchors_load(held["archive"], sha256=held["fingerprint"]))
    except (ArtifactError, OSError, ValueError, KeyError, TypeError):
        raise _CannotAnchorError("unreadable") from None
    numbers = max((len(completion.features) for _, completion in rows), default=0)
    known = max((len(features) for _, _, features in anchors), default=0)
    own = _moments(folder, anchors, numbers_missing=numbers > 0 and numbers != known)
    scale, note = Scale.between(own, Moments(held["mean"], held["spread"]), held["fingerprint"])
    version = held["anchored_to"] or reference.version
    kept = _kept(scale, note) | _figures(own, scale, version, held["archive"], len(anchors))
    return Anchored(scale, kept, reference.id, _message(kept))


def _moments(folder: Path, anchors: Sequence[TextItem], *, numbers_missing: bool = False) -> Moments:
    """The moments of what is served of the model in a folder.

    `numbers_missing` says that the anchors lack the numbers that came with the outputs it learned from: it
    would take each for average, and the spread would not be its own.
    """
    fitted = load(folder, Path(settings.FEATURE_CACHE))
    if numbers_missing and fitted.groups["given"]:
        raise _CannotAnchorError("unscorable")
    try:
        return Moments.of(fitted.score_texts(anchors).reward)
    except ValueError:
        raise _CannotAnchorError("unscorable") from None


def _served(champion: RewardModel, anchors: Sequence[TextItem]) -> Moments | None:
    """The moments of a champion from before there were anchors; None where it cannot score them any more."""
    try:
        return _moments(artifact_folder(champion), anchors)
    except (ArtifactError, ModelError, _CannotAnchorError):
        return None


def _kept(scale: Scale, note: str) -> dict[str, Any]:
    """What a row keeps of a scale, before the figures."""
    none = dict.fromkeys(("anchored_to", "own_mean", "own_spread", "mean", "spread"))
    line = asdict(scale)
    return {
        "factor": line["factor"],
        "shift": line["shift"],
        "fingerprint": line["anchors"],
        "archive": "",
        "anchors": 0,
        "note": note,
        **none,
    }


def _figures(own: Moments, scale: Scale, version: int | None, archive: str, anchors: int) -> dict[str, Any]:
    return {
        "anchored_to": version,
        "archive": archive,
        "anchors": anchors,
        "own_mean": own.mean,
        "own_spread": own.spread,
        "mean": scale.factor * own.mean + scale.shift,
        "spread": scale.factor * own.spread,
    }


def _message(kept: dict[str, Any]) -> str:
    """The scale in words."""
    figures = "mean {own_mean:.3f} and spread {own_spread:.3f} on {anchors} anchors".format(**kept)
    if kept["anchored_to"] is None:
        return f"This version sets the scale of the project's rewards: {figures}.{FLAT[kept['note']]}"
    moved = "mean {mean:.3f} and spread {spread:.3f}".format(**kept)
    return f"Scale: anchored to version {kept['anchored_to']}; own {figures}, served {moved}.{FLAT[kept['note']]}"
