"""What the process of a run does: read the snapshot, fit and evaluate, compare with the champion, save."""

from __future__ import annotations

import math
import re
import shutil
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.conf import settings
from django.utils import timezone

from training.artifacts import (
    ARCHIVES,
    CARD,
    HeldOut,
    artifact_delete,
    artifact_save,
    held_out_read,
    held_out_write,
    run_work,
    second_look_write,
)
from training.models import Promotion, RewardModel, TrainingRun
from training.must_pass import decision_hold
from training.rewards.experiment import NotEnoughLabels, labelled_prompts, run_experiment
from training.rewards.features.encoder import Encoder
from training.rewards.models.base import Cancelled, Report
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.nearest import NoIndexError, index_build
from training.rewards.provenance import packages_installed, provenance
from training.rewards.recipe import recipe_clean
from training.selectors.cards import run_card_text
from training.selectors.models import promotion_current
from training.selectors.must_pass import pins_enforced
from training.selectors.policies import policy_of
from training.services.anchoring import model_anchor
from training.services.champions import (
    ChampionChangedError,
    Finished,
    ScaleChangedError,
    run_succeed,
    tries_against,
)
from training.services.must_pass import pins_try
from training.services.runs import LOG_LIMIT, run_fail, run_heartbeat
from training.snapshot import snapshot_dataset
from training.starts import start_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.artifacts import Artifact
    from training.rewards.data import Dataset
    from training.rewards.experiment import ExperimentResult

NUMBERS: Final = re.compile(r"\d+")  # steps that differ in a count only are one line of the log
EVERY: Final = 1.0  # seconds between writes of progress


class Reporter:
    """Gathers progress, log and curve, and writes them at most once a second."""

    def __init__(self, *, run_id: int, attempt: int) -> None:
        """Report for one attempt."""
        self.run_id = run_id
        self.attempt = attempt
        self.stopped = False
        self._fields: dict[str, Any] = {}
        self._curve: list[dict[str, Any]] = []
        self._log = self._kind = ""
        self._written = 0
        self._last = 0.0
        self._lock = threading.Lock()

    def __call__(self, progress: float, step: str, point: dict[str, Any] | None = None) -> None:
        """Take the library's report: progress 0..1, what it does, and a point of the live curve."""
        with self._lock:
            if (kind := NUMBERS.sub("#", step)) != self._kind:
                self._note(step)
                self._kind = kind
            self._fields |= {"progress": round(progress, 4), "step": step[:200]}
            if point is not None:
                self._curve.append(point)
                self._fields["curve"] = self._curve
        if time.monotonic() - self._last >= EVERY:
            self.flush()

    def within(self, low: float, high: float) -> Report:
        """A report whose 0 to 1 is `low` to `high` of the whole."""

        def told(progress: float, step: str, point: dict[str, Any] | None) -> None:
            self(low + progress * (high - low), step, point)

        return told

    def note(self, text: str) -> None:
        """Add a line to the log."""
        with self._lock:
            self._note(text)

    def _note(self, text: str) -> None:
        line = f"{timezone.now():%H:%M:%S} {text}\n"
        if self._written + len(line) <= LOG_LIMIT:
            self._log += line
            self._written += len(line)

    def flush(self) -> None:
        """Write what has gathered."""
        with self._lock:
            fields, log, self._fields, self._log = self._fields, self._log, {}, ""
            if "curve" in fields:
                fields["curve"] = list(self._curve)
            self._last = time.monotonic()
        beat = run_heartbeat(run_id=self.run_id, attempt=self.attempt, log=log, **fields)
        self.stopped = self.stopped or beat != "alive"

    def should_stop(self) -> bool:
        """Whether the run was cancelled, or is another attempt's by now."""
        if time.monotonic() - self._last >= EVERY:
            self.flush()
        return self.stopped


def learn(*, run_id: int, attempt: int) -> RewardModel | None:
    """Run one claimed attempt to its end; what goes wrong ends it with the reason.

    Returns the new reward model, or None where there is none.
    """
    report = Reporter(run_id=run_id, attempt=attempt)
    try:
        return _learn(run_id, attempt, report)
    except Cancelled:
        report.flush()
        run_fail(run_id=run_id, attempt=attempt, code="cancelled", message="The run was cancelled.")
    except NotEnoughLabels as error:
        report.flush()
        run_fail(run_id=run_id, attempt=attempt, code="not_enough_labels", message=str(error))
    except MemoryError:
        message = "The run exhausted the memory that it may use."
        run_fail(run_id=run_id, attempt=attempt, code="out_of_memory", message=message)
    except Exception as error:  # noqa: BLE001 - the edge of the run: whatever it was belongs into its row
        report.note(traceback.format_exc())
        report.flush()
        message = f"{type(error).__name__}: {error}"
        run_fail(run_id=run_id, attempt=attempt, code="training_failed", message=message)
    return None


def _learn(run_id: int, attempt: int, report: Reporter) -> RewardModel | None:
    run = TrainingRun.objects.select_related("snapshot__project", "project").get(id=run_id)
    report(0.01, "reading labels")
    dataset = snapshot_dataset(run.snapshot)
    report.note(f"{run.snapshot.judgments} labels on {len(dataset.prompts)} prompts")
    result = run_experiment(
        dataset,
        recipe_clean(run.recipe),
        salt=run.project.salt,
        cache_dir=Path(settings.FEATURE_CACHE),
        report=report.within(0.05, 0.95),
        should_stop=report.should_stop,
        work_dir=run_work(run_id),
        start=start_load(run),
    )
    for note in result.notes:
        report.note(note)
    report(0.95, "saving")
    finished, anchors = _save(run, attempt, dataset, result, report)
    while True:
        against = promotion_current(run.project_id)
        decision = decision_make(run=run, dataset=dataset, rewards=result.test_rewards, against=against)
        decision = decision_hold(decision, finished.must_pass)
        report.note(decision["message"])
        report.flush()
        try:
            model = run_succeed(
                run=run, attempt=attempt, finished=finished, decision=decision, against=against
            )
        except ScaleChangedError:  # another run has set the scale meanwhile
            _delete(finished.artifact, anchors)
            finished, anchors = _save(run, attempt, dataset, result, report)
            continue
        except ChampionChangedError:
            continue
        break
    if model is None:
        _delete(finished.artifact, anchors)
    shutil.rmtree(run_work(run_id), ignore_errors=True)
    return model


def _save(
    run: TrainingRun, attempt: int, dataset: Dataset, result: ExperimentResult, report: Reporter
) -> tuple[Finished, Artifact | None]:
    """What the run has to show, its archive in the storage, and that of the anchors where it froze them."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        result.model.save(folder)
        held_out_write(folder, held_out_pack(dataset, result.test_rewards))
        second_look_write(folder, result.second_look)
        report.note(labelled_index(folder, dataset, result, report))
        learned = rows_of_prompts(dataset, learned_prompts(dataset, result))
        anchored = model_anchor(
            project=run.project, rows=[dataset.rows[row] for row in learned], folder=folder
        )
        report.note(anchored.message)
        evaluation = anchored.scale.evaluation(result.evaluation) | {
            "scale": anchored.kept,
            "provenance": provenance(dataset) | {"packages": packages_installed()},
        }
        (folder / CARD).write_text(run_card_text(run, evaluation), encoding="utf-8")
        artifact = artifact_save(folder, name=f"{ARCHIVES}/{run.project_id}/run-{run.id}-{attempt}")
    finished = Finished(
        kind=run.recipe["model"]["kind"],
        evaluation=evaluation,
        top_features=anchored.scale.features(result.model.top_features) or None,
        curve=list(result.curve),
        artifact=artifact,
        scale_of=anchored.reference,
        must_pass=pins_try(
            pins=list(pins_enforced(run.project_id)),
            score=lambda rows: anchored.scale.scores(result.model.score(rows)).reward.tolist(),
        ),
    )
    return finished, anchored.frozen


def _delete(*artifacts: Artifact | None) -> None:
    for artifact in filter(None, artifacts):
        artifact_delete(artifact)


def learned_prompts(dataset: Dataset, result: ExperimentResult) -> NDArray[np.int64]:
    """The prompts that the served model learned from: not those of a holdout's test part."""
    labelled = labelled_prompts(dataset)
    held_out = result.evaluation["split"]["scheme"] == "holdout"
    return np.setdiff1d(labelled, result.test_prompts) if held_out else labelled


def labelled_index(folder: Path, dataset: Dataset, result: ExperimentResult, report: Reporter) -> str:
    """Puts an index of what the model learned from beside its files; says in words what is in it.

    Raises Cancelled.
    """

    def embedded(done: int, total: int) -> None:
        report(0.95, f"embedded {done} of {total} new texts")
        if report.should_stop():
            raise Cancelled("the run was asked to stop")

    learned = learned_prompts(dataset, result)
    try:
        index = index_build(dataset, learned, Encoder(Path(settings.FEATURE_CACHE)), embedded)
    except NoIndexError:
        return "No similar outputs can be looked up later: the text encoder is not installed."
    index.save(folder)
    left_out = f"; {index.left_out} more were left out" if index.left_out else ""
    return f"{len(index)} labelled outputs can be looked up by likeness{left_out}."


def decision_make(
    *, run: TrainingRun, dataset: Dataset, rewards: NDArray[np.float64], against: Promotion | None
) -> dict[str, Any]:
    """Hold a candidate's held-out rewards (rows,) against the champion's on the prompts both were tested on."""
    from training.rewards.compare import decide, paired_difference

    by_hand = policy_of(run.project).promotion == "manual"
    if against is None:
        difference, decision = None, decide(None, same_recipe=False, tries=1)
    else:
        champion = held_out_unpack(dataset, held_out_read(against.model))
        everywhere = np.arange(len(dataset.prompts), dtype=np.int64)  # what one of them lacks is left out
        difference = paired_difference(dataset, rewards, champion, everywhere)
        same = against.model.run.recipe_digest == run.recipe_digest
        decision = decide(difference, same_recipe=same, tries=tries_against(against))
    message = decision.message
    if by_hand:
        message = f"{message} Models of this project are promoted by hand."
    return {
        "promoted": decision.promoted and not by_hand,
        "code": "manual" if by_hand and decision.promoted else decision.code,
        "difference": difference.value if difference else None,
        "interval": list(difference.interval) if difference and difference.interval else None,
        "n": difference.n if difference else None,
        "message": message,
    }


def held_out_pack(dataset: Dataset, rewards: NDArray[np.float64]) -> HeldOut:
    """Rewards of shape (rows,), NaN where a row was not held out, by the ids of prompt and completion."""
    packed: HeldOut = {}
    for (prompt, completion), reward in zip(dataset.rows, rewards.tolist(), strict=True):
        if not math.isnan(reward):
            packed.setdefault(prompt.id, {})[completion.id] = reward
    return packed


def held_out_unpack(dataset: Dataset, held_out: HeldOut) -> NDArray[np.float64]:
    """The rewards in this dataset's row order, shape (rows,), NaN where the model was not tested on the row."""
    none: dict[str, float] = {}
    return np.array(
        [held_out.get(prompt.id, none).get(completion.id, np.nan) for prompt, completion in dataset.rows],
        dtype=np.float64,
    )
