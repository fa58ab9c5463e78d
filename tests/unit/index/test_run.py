"""Draws are kept as long as lists and code are the same; chains begin from what the pilots agree on."""

import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.index.measurement import run, settled
from pipelines.index.measurement.layout import Layout, Remainder
from pipelines.index.measurement.sampler import Chain
from pipelines.index.measurement.state import SharedUnknowns
from tests.support import measurement

#: A file that is not there: pilots settle.
NONE = Path("none.json")


def layout() -> Layout:
    return measurement.layout_of(4)


class Here:
    """Stands in for a pool of processes: calls are made here, one after the other."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)


def test_key_changes_with_any_part_of_the_lists() -> None:
    key = run.content_key(layout())
    assert len(key) == 16
    assert run.content_key(layout()) == key
    changed = layout()
    changed.totals[0].total[0] += 1
    moved = layout()
    moved.totals[0].cells[0, 0, 0] += 1
    left = [Remainder(0, 5.0, np.array([1, 2])), Remainder(0, 5.0, np.array([1, 3])), Remainder(0, 6.0, np.array([1, 2]))]
    others = [
        replace(layout(), lists=["another", *layout().lists[1:]]),
        replace(layout(), counts=layout().counts + 1),
        replace(layout(), families=[*layout().families, "new"]),
        changed,
        moved,
        *(replace(layout(), remainders=[remainder]) for remainder in left),
    ]
    assert len({key, *map(run.content_key, others)}) == 9


def test_draws_are_sampled_once_and_the_last_three_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, said = [], list[str]()

    def chains(lists: Layout, draws: int, held: SharedUnknowns | None, say: Callable[[str], None]) -> list[Chain]:
        asked.append(draws)
        return [Chain({"base": np.full((2, 3), float(len(asked)))}, (1.0, 1.0))] * 4

    monkeypatch.setattr(run, "_chains", chains)
    folder = tmp_path / "draws"
    first = run.posterior(layout(), folder, NONE, said.append)
    again = run.posterior(layout(), folder, NONE, said.append)
    assert (len(asked), first.count, again.count) == (1, 8, 8)
    assert again.draws("base").tolist() == first.draws("base").tolist() == [[1.0] * 3] * 8
    (file,) = folder.iterdir()
    assert file.stem == run.content_key(layout())
    assert said == [
        "sampling 4 chains of 400 draws over 7 lists of 4 cities: a minute or two, and only if lists or method changed",
        f"7 lists of 4 cities are as before: their draws are taken from {file.name}",
    ]
    os.utime(file, (1, 1))
    for number in range(1, 4):
        run.posterior(replace(layout(), counts=layout().counts + number), folder, NONE, said.append)
    assert len([*folder.iterdir()]) == 3
    assert not file.exists(), "the oldest goes"


@pytest.mark.parametrize("left", [0, 100, 0.9], ids=["empty", "begun", "cut short"])
def test_a_damaged_file_of_draws_is_sampled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: float) -> None:
    monkeypatch.setattr(run, "_chains", lambda lists, draws, held, say: [Chain({"base": np.ones((3, 50))}, (1.0, 1.0))] * 4)
    run.posterior(layout(), tmp_path, NONE, lambda _: None)
    (file,) = tmp_path.glob("*.npz")
    whole = file.read_bytes()
    file.write_bytes(whole[: int(left * len(whole)) if left < 1 else int(left)])
    assert run.posterior(layout(), tmp_path, NONE, lambda _: None).chains["base"].shape == (4, 3, 50)
    assert file.read_bytes() == whole


def test_chains_begin_from_the_mean_of_the_pilots(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(run, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(run, "pilot", lambda lists, seed: (len(lists.cities), seed))
    monkeypatch.setattr(run, "average", lambda settled: ("mean of", *settled))
    monkeypatch.setattr(run, "shared", lambda state: {"noise": state})
    monkeypatch.setattr(run, "sample", lambda lists, *how: calls.append((len(lists.cities), *how)) or "chain")
    run.settle.cache_clear()
    said: list[str] = []
    assert run._chains(layout(), 7, None, said.append) == ["chain"] * 4
    assert said == [f"{done} of 4 chains sampled" for done in (1, 2, 3, 4)]
    settled = {"noise": ("mean of", (4, 0), (4, 1))}
    assert calls == [(4, settled, 7, seed) for seed in (200, 201, 202, 203)]
    monkeypatch.setattr(run, "pilot", None)
    assert run._chains(layout(), 14, None, said.append) == ["chain"] * 4, "longer chains begin from what is settled"
    run.settle.cache_clear()
    held = {"noise": np.ones(2)}
    run._chains(layout(), 7, held, said.append)
    assert calls[-1] == (4, held, 7, 203), "what is known needs no pilots"


def test_what_pilots_settled_is_read_for_the_same_lists_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = tmp_path / "settled.json", list[str]()
    values = {"noise": np.array([0.1, 1 / 3]), "means": np.array([[1.0, 2.0]])}
    settled.write(file, run.lists_key(layout()), values)
    asked = list[SharedUnknowns | None]()

    def chains(lists: Layout, draws: int, held: SharedUnknowns | None, say: Callable[[str], None]) -> list[Chain]:
        asked.append(held)
        return [Chain({"base": np.ones((3, 50))}, (1.0, 1.0))] * 4

    monkeypatch.setattr(run, "_chains", chains)
    others = replace(layout(), counts=layout().counts + 1)
    for number, lists in enumerate((layout(), others)):
        run.posterior(lists, tmp_path / str(number), file, said.append)
    file.write_text("{", "utf-8")
    run.posterior(layout(), tmp_path / "broken", file, said.append)
    read, *rest = asked
    assert read is not None
    assert {name: value.tolist() for name, value in read.items()} == {name: value.tolist() for name, value in values.items()}
    assert rest == [None, None]
    assert ["half a minute" in line for line in said] == [True, False, False]


def test_key_is_the_same_whatever_the_last_digit_of_a_logarithm() -> None:
    near = replace(layout(), exposure=np.nextafter(layout().exposure, 9.0))
    assert run.lists_key(near) == run.lists_key(layout()) != run.lists_key(replace(layout(), exposure=layout().exposure + 1e-6))


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="instructions are named for x86-64 alone")
def test_draws_do_not_depend_on_the_instructions_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    # All pilots and all chains compute the same way.
    monkeypatch.setattr(run, "PILOTS", 1)
    monkeypatch.setattr(run, "CHAINS", 1)
    run.settle.cache_clear()
    here = run._chains(layout(), 5, None, print)
    run.settle.cache_clear()
    # As if by a processor from before 2013.
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4 AVX512_ICL AVX512_SPR")
    there = run._chains(layout(), 5, None, print)
    assert [chain.draws["latent"].tolist() for chain in there] == [chain.draws["latent"].tolist() for chain in here]
