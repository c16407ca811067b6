"""Many patterns asked together."""

import gc
import pickle
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from detent.patterns import InvalidPattern, Pattern, PatternIndex

PAID = {"type": ["order.paid"]}
LARGE = {"data": {"total": [{"numeric": [">", 50]}]}}
DOCUMENT = {"type": "order.paid", "data": {"total": 60}}


def test_the_keys_of_all_patterns_that_match_are_found() -> None:
    index = PatternIndex({"paid": PAID, "large": LARGE, "sent": {"type": ["order.sent"]}})
    assert index.match(DOCUMENT) == {"paid", "large"}


def test_an_empty_index_matches_nothing() -> None:
    assert PatternIndex().match(DOCUMENT) == PatternIndex({}).match(DOCUMENT) == set()


def test_keys_may_be_strings_integers_and_uuids() -> None:
    keys = ["rule", 17, UUID(int=1)]
    assert PatternIndex(dict.fromkeys(keys, PAID)).match(DOCUMENT) == set(keys)


def test_patterns_may_be_dicts_texts_and_compiled() -> None:
    index = PatternIndex({1: PAID, 2: '{"type": ["order.paid"]}', 3: b'{"type": ["order.paid"]}', 4: Pattern(PAID)})
    assert index.match(DOCUMENT) == {1, 2, 3, 4}


def test_a_refused_pattern_is_named_by_its_key() -> None:
    with pytest.raises(InvalidPattern) as refused:
        PatternIndex({"good": PAID, "bad": {"type": [{"regex": "x"}]}})
    assert refused.value.key == "bad"
    assert refused.value.path == "type"
    assert str(refused.value).startswith("Invalid pattern 'bad', at 'type': ")


def test_an_added_pattern_that_is_refused_is_named_by_its_key() -> None:
    with pytest.raises(InvalidPattern) as refused:
        PatternIndex().replace(added={7: {}})
    assert refused.value.key == 7


def test_replacing_makes_a_new_index_and_leaves_the_old_one() -> None:
    old = PatternIndex({"paid": PAID, "large": LARGE})
    new = old.replace(added={"large": {"data": {"total": [1]}}, "shop": {"data.total": [60]}}, removed=["paid"])
    assert new.match(DOCUMENT) == {"shop"}
    assert old.match(DOCUMENT) == {"paid", "large"}


def test_replacing_shares_the_patterns_that_stay() -> None:
    old = PatternIndex({"paid": PAID, "large": LARGE})
    assert old.replace(removed=["large"])["paid"] is old["paid"]


def test_a_key_may_be_removed_and_added_at_once() -> None:
    index = PatternIndex({"rule": PAID}).replace(added={"rule": LARGE}, removed=["rule"])
    assert index.match({"data": {"total": 60}}) == {"rule"}


def test_removing_what_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="missing"):
        PatternIndex({"paid": PAID}).replace(removed=["missing"])


def test_replacing_very_many_patterns_finds_what_remains() -> None:
    old = PatternIndex({number: {"a": [number]} for number in range(2000)})
    new = old.replace(added={number: {"b": [number]} for number in range(1000)})
    assert new.match({"a": 5, "b": 5}) == {5}
    assert new.match({"a": 1500}) == {1500}
    assert old.match({"a": 5, "b": 5}) == {5}
    assert len(new) == 2000


def test_replacing_one_pattern_leaves_the_rest_of_the_tree_shared() -> None:
    """What a replacement costs is the copy of a few dictionaries: no other pattern is compiled or placed again."""
    old = PatternIndex({number: {"a": [f"a{number}"], "b": [f"b{number % 7}"]} for number in range(500)})
    new = old.replace(added={0: {"a": ["a0"], "b": ["other"]}})
    (one,), (other,) = ({row[-1].path: row[-1] for row in index._root.rows}.values() for index in (old, new))
    assert [key for key, node in one.texts.items() if other.texts[key] is not node] == ["a0"]


def test_a_pattern_is_found_behind_each_of_its_alternatives() -> None:
    index = PatternIndex(
        {
            "any": {"type": ["a", 1, {"prefix": "x"}, {"numeric": [">", 5]}]},
            "or": {"$or": [{"type": ["b"]}, {"x": [True], "y": [{"anything-but": 1}]}]},
        }
    )
    for document in ({"type": "a"}, {"type": 1.0}, {"type": "xyz"}, {"type": 5.5}):
        assert index.match(document) == {"any"}
    for document in ({"type": "b"}, {"x": True, "y": 2}):
        assert index.match(document) == {"or"}
    assert index.match({"type": True, "x": 1, "y": 2}) == set()


def test_patterns_that_ask_for_what_is_absent_are_found() -> None:
    index = PatternIndex({1: {"a": [{"exists": False}]}, 2: {"a": [{"none-of": ["x"]}]}, 3: {"a": ["x"]}})
    assert index.match({}) == {1, 2}
    assert index.match({"a": "y"}) == {2}
    assert index.match({"a": ["x", "y"]}) == {3}


def test_objects_in_arrays_must_agree() -> None:
    index = PatternIndex({number: {"items": {"sku": [f"s{number}"], "size": [1]}} for number in range(20)})
    assert index.match({"items": [{"sku": "s1", "size": 1}, {"sku": "s2", "size": 2}, {"sku": "s3", "size": 1}]}) == {
        1,
        3,
    }


def test_a_key_with_dots_leads_to_the_same_values() -> None:
    index = PatternIndex({1: {"a": {"b": {"c": ["x"]}}}, 2: {"a.b.c": ["y"]}})
    assert index.match({"a.b": {"c": ["x", "y"]}}) == index.match({"a": {"b.c": "x", "b": {"c": "y"}}}) == {1, 2}


def test_very_many_paths_and_objects_cost_only_what_the_document_has() -> None:
    index = PatternIndex({number: {f"o{number}": {f"k{number}": ["x"]}} for number in range(500)})
    assert index.match({"o7": {"k7": "x", "k8": "x"}, "o8": {"k7": "x"}}) == {7}


def test_patterns_that_share_very_many_fields_are_told_apart() -> None:
    shared = {f"f{number}": [number] for number in range(600)}
    index = PatternIndex({key: {**shared, "own": [{"anything-but": [key]}]} for key in range(8)})
    assert index.match({f"f{number}": number for number in range(600)} | {"own": 3}) == set(range(8)) - {3}


def test_threads_read_one_index_at_once() -> None:
    index = PatternIndex({number: {"a": [{"prefix": f"a{number}"}], "b": [number % 10]} for number in range(200)})
    documents = [{"a": f"a{number}", "b": number % 10} for number in range(200)] * 5
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(index.match, documents)) == [index.match(document) for document in documents]


def test_the_garbage_collector_runs_again_after_a_pattern_was_refused() -> None:
    with pytest.raises(InvalidPattern):
        PatternIndex({1: {}})
    assert gc.isenabled()


def test_an_index_tells_what_it_holds() -> None:
    index = PatternIndex({"paid": PAID, 17: LARGE})
    assert len(index) == 2
    assert set(index) == {"paid", 17}
    assert 17 in index
    assert "17" not in index


def test_an_index_survives_pickling() -> None:
    index = PatternIndex(
        {
            "paid": PAID,
            "large": LARGE,
            "any": {"$or": [{"x": [{"cidr": "10.0.0.0/8"}, "10.0.0.1"]}, {"data": {"total": [{"none-of": [1]}]}}]},
            "text": {"type": [{"wildcard": "order.*"}, {"prefix": {"equals-ignore-case": "ORDER"}}]},
            "but": {"type": [{"anything-but": {"suffix": "x"}}], "y": [{"exists": False}]},
        }
    )
    assert pickle.loads(pickle.dumps(index)).match(DOCUMENT) == index.match(DOCUMENT) == set(index)


def test_errors_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(InvalidPattern("a.b", "reason", "key")))
    assert (error.path, error.reason, error.key) == ("a.b", "reason", "key")
