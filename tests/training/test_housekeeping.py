"""Files that no reward model names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from tests.factories import make_project
from tests.training.conftest import make_learnable, make_model
from training.artifacts import ARCHIVES, artifact_folder, artifact_save, unpacked_root
from training.models import RewardModel
from training.services.housekeeping import LEFT_ALONE
from training.tasks import sweep

pytestmark = pytest.mark.django_db


def saved(project_id: int, folder: Path) -> str:
    """An archive that no model names."""
    (folder / "model.json").write_text("{}")
    return artifact_save(folder, name=f"{ARCHIVES}/{project_id}/run-1").name


def aged(path: Path) -> None:
    """Make a file or folder older than what the sweep leaves alone."""
    moment = path.stat().st_mtime - LEFT_ALONE.total_seconds() - 60
    os.utime(path, (moment, moment))


def test_old_archives_without_a_model_go_and_all_others_stay(tmp_path: Path) -> None:
    project = make_project()
    young, old = saved(project.id, tmp_path), saved(project.id, tmp_path)
    aged(Path(default_storage.path(old)))
    named = make_model(make_learnable(20))
    kept = saved(named.project_id, tmp_path)
    RewardModel.objects.update(artifact=kept)
    aged(Path(default_storage.path(kept)))
    for _ in range(2):
        sweep()
        assert [default_storage.exists(name) for name in (young, old, kept)] == [True, False, True]


def test_the_folder_of_a_removed_project_goes_with_its_archives(tmp_path: Path) -> None:
    name = saved(987654321, tmp_path)
    aged(Path(default_storage.path(name)))
    sweep()
    assert not default_storage.exists(f"{ARCHIVES}/987654321")


def test_unpacked_files_of_removed_models_go() -> None:
    kept, removed = (make_model(make_learnable(20), {"p": {"c": float(n)}}) for n in range(2))
    for model in (kept, removed):
        aged(artifact_folder(model))
    removed.delete()
    sweep()
    assert [(unpacked_root() / model.sha256).exists() for model in (kept, removed)] == [True, False]
