"""Nothing looks for garbage while modules are imported, and afterwards it is as before."""

import gc

from pipelines import loading


def test_garbage_is_looked_for_again_afterwards_if_it_was_before() -> None:
    before = gc.get_freeze_count()
    with loading.unswept():
        held = [[number] for number in range(10)]
        assert not gc.isenabled()
        with loading.unswept():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(held)
