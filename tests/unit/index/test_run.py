"""Draws are kept as long as lists and code are the same; chains begin from what the pilots agree on."""

import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.index.measurement import run, sampler, settled
from pipelines.index.measurement.layout import Layout, Remainder
from pipelines.index.measurement.sampler import Chain
from pipelines.index.measurement.settled import Settled
from pipelines.index.measurement.state import State, shared
from tests.support import measurement
from tests.support import world as small_world

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

    def chains(lists: Layout, draws: int, known: Settled | None, say: Callable[[str], None]) -> list[Chain]:
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
    monkeypatch.setattr(run, "pilot", lambda lists, seed, known: (len(lists.cities), seed, known and known.lists))
    monkeypatch.setattr(run, "average", lambda settled: ("mean of", *settled))
    monkeypatch.setattr(run, "shared", lambda state: {"noise": state})
    monkeypatch.setattr(run, "sample", lambda lists, *how: calls.append((len(lists.cities), *how)) or "chain")
    run.settle.cache_clear()
    said: list[str] = []
    assert run._chains(layout(), 7, None, said.append) == ["chain"] * 4
    assert said == [f"{done} of 4 chains sampled" for done in (1, 2, 3, 4)]
    settled = {"noise": ("mean of", (4, 0, None), (4, 1, None))}
    assert calls == [(4, settled, 7, seed) for seed in (200, 201, 202, 203)]
    monkeypatch.setattr(run, "pilot", None)
    assert run._chains(layout(), 14, None, said.append) == ["chain"] * 4, "longer chains begin from what is settled"
    run.settle.cache_clear()
    same = Settled(run.lists_key(layout()), {}, {"noise": np.ones(2)})
    run._chains(layout(), 7, same, said.append)
    assert calls[-1] == (4, same.values, 7, 203), "what is known needs no pilots"


def test_pilots_of_other_lists_begin_from_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = list[str | None]()
    monkeypatch.setattr(run, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(run, "pilot", lambda lists, seed, known: begun.append(known.lists))
    monkeypatch.setattr(run, "average", lambda settled: None)
    monkeypatch.setattr(run, "shared", lambda state: {})
    monkeypatch.setattr(run, "sample", lambda lists, *how: "chain")
    run.settle.cache_clear()
    run._chains(layout(), 7, Settled("of others", {}, {}), print)
    run.settle.cache_clear()
    assert begun == ["of others"] * 2


def test_what_is_known_of_lists_that_are_partly_the_same_is_carried_by_name() -> None:
    here, there = small_world.layout(), replace(small_world.layout()[0], lists=["other/list", *small_world.layout()[0].lists[1:]])
    known = Settled.of(here[0], "key", shared(here[1]))
    blank = replace(here[1], **{name: np.full_like(value, 9.0) for name, value in vars(here[1]).items()})
    carried = known.carried(there, blank)
    assert carried.elasticity.tolist() == [9.0, *here[1].elasticity[1:]]
    assert (carried.own_national[0] == 9.0).all()
    assert carried.own_national[1:].tolist() == here[1].own_national[1:].tolist()
    own = there.list_of == 0
    assert (carried.level[own] == 9.0).all()
    assert carried.level[~own].tolist() == here[1].level[~own].tolist()
    for name in ("noise", "means", "growth", "spread", "covariance", "step_covariance", "national"):
        assert getattr(carried, name).tolist() == getattr(here[1], name).tolist(), name
    assert (carried.latent == 9.0).all(), "cities are found anew"


def test_a_pilot_begins_from_what_is_known_and_takes_fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    lists, truth = small_world.layout()
    rounds = list[State]()
    monkeypatch.setattr(sampler, "_round", lambda together, state, rng: (rounds.append(State(**vars(state))) or [state], None))
    sampler.pilot(lists, 1, Settled.of(lists, "key", shared(replace(truth, elasticity=truth.elasticity + 0.125))))
    assert len(rounds) == sampler.FEWER_ROUNDS
    assert rounds[0].elasticity.tolist() == (truth.elasticity + 0.125).tolist()


def test_what_pilots_settled_is_read_to_the_last_digit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = tmp_path / "settled.json", list[str]()
    values = {"noise": np.array([0.1, 1 / 3]), "means": np.array([[1.0, 2.0]])}
    settled.write(file, Settled(run.lists_key(layout()), {"noises": ["a", "ü"]}, values))
    asked = list[Settled | None]()

    def chains(lists: Layout, draws: int, known: Settled | None, say: Callable[[str], None]) -> list[Chain]:
        asked.append(known)
        return [Chain({"base": np.ones((3, 50))}, (1.0, 1.0))] * 4

    monkeypatch.setattr(run, "_chains", chains)
    others = replace(layout(), counts=layout().counts + 1)
    for number, lists in enumerate((layout(), others)):
        run.posterior(lists, tmp_path / str(number), file, said.append)
    file.write_text("{", "utf-8")
    run.posterior(layout(), tmp_path / "broken", file, said.append)
    read, again, broken = asked
    assert read is not None and again is not None
    assert {name: value.tolist() for name, value in read.values.items()} == {
        name: value.tolist() for name, value in values.items()
    }
    assert read.names == {"noises": ["a", "ü"]}
    assert (again.lists, broken) == (read.lists, None)
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
