"""Files that no reward model names any more, as when its project was removed."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.utils import timezone

from annotation.models import Project
from training.artifacts import ARCHIVES, unpacked_root
from training.models import RewardModel

LEFT_ALONE: Final = timedelta(days=1)  # a file this young may be a run's that has not stored its model yet


def artifacts_sweep() -> int:
    """Take archives without a reward model out of the storage, and what was unpacked of them; returns how many."""
    return _archives_sweep() + _unpacked_sweep()


def _archives_sweep() -> int:
    if not default_storage.exists(ARCHIVES):
        return 0
    removed = 0
    for project in filter(str.isdigit, default_storage.listdir(ARCHIVES)[0]):
        known = set(RewardModel.objects.filter(project_id=int(project)).values_list("artifact", flat=True))
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
