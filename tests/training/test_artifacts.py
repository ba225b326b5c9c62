"""Archives of reward models."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from tests.training.conftest import make_learnable, make_model
from training.artifacts import ArtifactError, artifact_folder, artifact_save, held_out_read

pytestmark = pytest.mark.django_db


def test_saved_archive_is_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    artifact = artifact_save(folder, name="models/1/run-1")
    path = Path(default_storage.path(artifact.name))
    assert path.stat().st_size == artifact.size_bytes
    assert sorted(zipfile.ZipFile(path).namelist()) == ["model.json", "model.safetensors"]
    assert list((Path(default_storage.location) / ".incoming").iterdir()) == []


def test_equal_files_make_equal_archives(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}")
    first, second = (artifact_save(tmp_path, name="models/1/run") for _ in range(2))
    assert first.sha256 == second.sha256
    assert first.name != second.name


def test_pickle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"")
    with pytest.raises(ValueError, match=r"no \.pkl files"):
        artifact_save(tmp_path, name="models/1/run")


def test_model_is_read_back_from_its_archive() -> None:
    model = make_model(make_learnable(20), {"p1": {"c1": 0.5}})
    assert held_out_read(model) == {"p1": {"c1": 0.5}}
    assert artifact_folder(model) == artifact_folder(model)


def test_archive_that_was_changed_is_refused() -> None:
    model = make_model(make_learnable(20), {"p1": {"c1": 0.123}})
    with Path(default_storage.path(model.artifact)).open("ab") as file:
        file.write(b"more")
    model.sha256 = "0" * 64
    with pytest.raises(ArtifactError):
        artifact_folder(model)


def test_missing_archive_is_reported() -> None:
    model = make_model(make_learnable(20), {"p1": {"c1": 0.456}})
    default_storage.delete(model.artifact)
    model.sha256 = "1" * 64
    with pytest.raises(ArtifactError, match="missing"):
        artifact_folder(model)
