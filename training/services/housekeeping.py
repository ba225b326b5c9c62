"""Files that no reward model names any more, as when its project was removed."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.utils import timezone

from annotation.models import Project
from training.artifacts import ARCHIVES, unpacked_root, work_root
from training.models import RewardModel, TrainingRun
from training.states import FINAL

LEFT_ALONE: Final = timedelta(days=1)  # a file this young may be a run's that has not stored its model yet


def artifacts_sweep() -> int:
    """Take archives without a reward model out of the storage, and what was unpacked of them; returns how many."""
    return _archives_sweep() + _unpacked_sweep() + _work_sweep()


def _archives_sweep() -> int:
    if not default_storage.exists(ARCHIVES):
        return 0
    removed = 0
    for project in filter(str.isdigit, default_storage.listdir(ARCHIVES)[0]):
        models = RewardModel.objects.filter(project_id=int(project))
        named = models.values_list("artifact", "evaluation__scale__archive")
        known = {name for names in named for name in names}  # a version's own, and that of its anchors
        names = [
            f"{ARCHIVES}/{project}/{name}" for name in default_storage.listdir(f"{ARCHIVES}/{project}")[1]
        ]
        stray = [name for name in names if name not in known and _old(name)]
        for name in stray:
            default_storage.delete(name)
        if len(stray) == len(names) and not Project.objects.filter(id=int(project)).exists():
            default_storage.delete(f"{ARCHIVES}/{project}")
        removed += len(stray)
    return removed


def _old(name: str) -> bool:
    return default_storage.get_modified_time(name) < timezone.now() - LEFT_ALONE


def _unpacked_sweep() -> int:
    """Folders of this machine, named by the archive's SHA-256; one still needed would be unpacked again."""
    removed = 0
    root = unpacked_root()
    for folder in root.iterdir() if root.is_dir() else ():
        young = time.time() - folder.stat().st_mtime < LEFT_ALONE.total_seconds()
        if not young and not RewardModel.objects.filter(sha256=folder.name).exists():
            shutil.rmtree(folder)
            removed += 1
    return removed


def _work_sweep() -> int:
    """Folders of this machine with the course of runs that have ended or are gone."""
    removed = 0
    root = work_root()
    for folder in root.iterdir() if root.is_dir() else ():
        young = time.time() - folder.stat().st_mtime < LEFT_ALONE.total_seconds()
        known = folder.name.isdigit() and TrainingRun.objects.filter(id=int(folder.name))
        if not young and not (known and known.exclude(status__in=FINAL).exists()):
            shutil.rmtree(folder)
            removed += 1
    return removed
