"""A revision's number says the how-manieth of its rule it is."""

from detent.trigger.history.revisions import revision_numbers


def test_revisions_follow_those_that_they_supersede_whatever_their_keys_are() -> None:
    """A fixture may have been loaded under other keys than those in whose order the revisions were made."""
    assert revision_numbers({5: 9, 7: 5, 9: None}) == {9: 1, 5: 2, 7: 3}


def test_each_rule_counts_its_own_revisions() -> None:
    assert revision_numbers({1: None, 2: None, 3: 1, 4: 2, 5: 3}) == {1: 1, 2: 1, 3: 2, 4: 2, 5: 3}


def test_the_oldest_revision_that_is_known_is_the_first() -> None:
    assert revision_numbers({8: 6, 9: 8}) == {8: 1, 9: 2}
