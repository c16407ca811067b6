"""What a bulk transition announces and reports."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.workflow import Moved, Refusals
from detent.workflow.bulk.moves import MovesByState


def test_refusals_are_a_mapping_of_codes_to_numbers():
    refusals = Refusals()
    assert refusals == {}
    refusals.add("wrong_state", "paid", [1, 2])
    refusals.add("wrong_state", "draft", [3])
    refusals.add("check", "placed", [4])
    assert refusals == {"wrong_state": 3, "check": 1}
    assert refusals == {"wrong_state": 3, "check": 1}
    assert repr(refusals) == "{'wrong_state': 3, 'check': 1}"
    assert refusals.states == {"wrong_state": {"paid": 2, "draft": 1}, "check": {"placed": 1}}
    with pytest.raises(KeyError):
        refusals["permission"]


def test_only_the_first_keys_are_kept():
    refusals = Refusals()
    refusals.add("wrong_state", "paid", range(7))
    refusals.add("wrong_state", "draft", range(7, 30))
    assert refusals.first_keys == {"wrong_state": tuple(range(10))}
    assert refusals["wrong_state"] == 30


@given(keys=st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(), max_size=3)), index=st.integers(-9, 9))
def test_moves_made_while_they_are_read_are_as_a_list_of_them(keys, index):
    moves = MovesByState(keys, "z")
    listed = [Moved(key, state, "z") for state, some in keys.items() for key in some]
    assert isinstance(moves, Sequence)
    assert list(moves) == list(moves) == listed
    assert len(moves) == len(listed)
    assert moves[index:] == listed[index:]
    assert moves[::-1] == listed[::-1]
    try:
        expected = listed[index]
    except IndexError:
        with pytest.raises(IndexError):
            moves[index]
    else:
        assert moves[index] == expected
