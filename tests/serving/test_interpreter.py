"""The interpreter's settings while it serves."""

import gc
import sys

from serving.interpreter import SWITCH_S, THRESHOLDS, set_for_serving


def test_it_is_set_while_serving_and_as_it_was_afterwards():
    before = sys.getswitchinterval(), gc.get_threshold(), gc.get_freeze_count()
    with set_for_serving():
        assert round(sys.getswitchinterval(), 6) == SWITCH_S
        assert gc.get_threshold() == THRESHOLDS
        assert gc.get_freeze_count() > 0
    assert (sys.getswitchinterval(), gc.get_threshold(), gc.get_freeze_count()) == before
