"""Draws that one test run has made are there in the next."""

import os
from pathlib import Path

import pytest

from tests.support import homes


def test_draws_last_from_one_home_to_another_and_the_newest_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, draws = tmp_path / "project" / "data" / "posterior", tmp_path / "draws"
    monkeypatch.setattr(homes, "ROOT", tmp_path / "project")
    monkeypatch.setattr(homes, "DRAWS", draws)
    project.mkdir(parents=True)
    (project / "refreshed.npz").write_bytes(b"project")
    with homes.shared_draws(tmp_path / "first"):
        found = tmp_path / "first" / "data" / "posterior"
        assert (found / "refreshed.npz").read_bytes() == b"project"
        (found / "drawn.npz").write_bytes(b"new")
    assert [path.name for path in draws.iterdir()] == ["drawn.npz"], "what the project keeps is not copied"
    with homes.shared_draws(tmp_path / "second"):
        assert (tmp_path / "second" / "data" / "posterior" / "drawn.npz").read_bytes() == b"new"
    for age in range(1, homes.KEPT_DRAWS + 1):
        (draws / f"older{age}.npz").touch()
        os.utime(draws / f"older{age}.npz", (1000 - age, 1000 - age))
    homes.forget_old_draws()
    assert len([*draws.iterdir()]) == homes.KEPT_DRAWS
    assert (draws / "drawn.npz").is_file()
    assert not (draws / f"older{homes.KEPT_DRAWS}.npz").exists()
