"""Every point of Scale's behaviour is stated by a test, or is in the list of what is different."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.child import ROOT

POINTS = range(1, 75)
STATED_IN = [
    ROOT / "tests" / "unit" / "scale",
    ROOT / "tests" / "integration" / "scale",
    ROOT / "tests" / "integration" / "trigger" / "test_legacy.py",
]
"""Folders and files whose tests say in their first line which points they state."""

STATED_BY: dict[str, dict[str, set[int]]] = {
    "tests/integration/acceptance/test_trigger_names.py": {
        "test_purgeresults_set_has_the_purges_that_the_event_made": {9},
    },
    "tests/integration/clock/test_points.py": {
        "test_what_the_original_found_out_when_it_ticked_is_refused_when_the_rule_is_made": {54, 55},
        "test_a_rule_of_the_originals_goes_on_from_its_last_event": {56},
        "test_a_missed_boundary_minute_shifts_nothing": {57, 58},
        "test_a_period_is_kept_across_midnight": {57, 58},
        "test_a_quarter_of_an_hour_goes_on_after_a_missed_minute": {58},
        "test_an_event_has_occurred_at_the_scheduled_time": {59},
    },
    "tests/integration/clock/test_processors.py": {
        "test_a_processor_gets_each_event_of_the_rules_of_its_name_and_the_one_before": {51, 52, 56},
        "test_a_name_may_have_many_processors": {52},
        "test_it_is_made_anew_for_each_event": {52},
        "test_one_that_failed_is_called_again_for_the_same_event": {59},
    },
    "tests/integration/clock/test_tick.py": {
        "test_a_rule_that_cannot_tick_stops_neither_the_others_nor_the_worker": {53},
    },
    "tests/integration/clock/test_workers.py": {
        "test_workers_that_tick_at_once_tell_each_slot_once": {60},
    },
    "tests/integration/pipeline_rows/test_batches.py": {
        "test_true_takes_files_through_the_recipe_types_rule": {50},
        "test_true_for_a_recipe_type_without_a_rule_is_a_warning": {50},
        "test_a_rule_of_its_own_takes_files_by_media_type_and_tags": {50},
        "test_a_date_range_is_about_when_a_file_came_in_or_was_written": {50},
        "test_a_file_that_the_recipe_type_processed_is_left": {50},
        "test_a_file_that_fails_is_counted_and_the_others_go_on": {50},
    },
    "tests/integration/pipeline_rows/test_catalogue.py": {
        "test_what_is_written_out_has_four_keys_of_a_rule": {68},
        "test_an_entry_that_does_not_speak_of_the_rule_leaves_it": {68},
        "test_an_entry_with_null_for_a_rule_removes_it": {68},
    },
    "tests/integration/pipeline_rows/test_metrics.py": {
        "test_it_ticks_daily": {61},
        "test_its_tick_measures_the_day_that_has_ended": {61},
    },
    "tests/integration/pipeline_rows/test_purge.py": {
        "test_jobs_their_results_and_recipes_go_and_are_counted": {10},
        "test_a_purge_comes_from_the_event_of_who_asked": {10},
        "test_a_purge_can_be_stopped_between_two_steps": {10},
    },
    "tests/integration/pipeline_rows/test_rule_body.py": {
        "test_a_configuration_for_one_of_two_that_share_a_rule_is_a_rule_of_its_own": {63},
        "test_a_new_rule_is_active_and_called_as_its_type_is": {66},
        "test_type_and_configuration_are_required_together": {66},
        "test_is_active_alone_turns_the_rule_off_where_it_stands": {66},
        "test_a_type_of_rule_that_nobody_handles_is_refused_and_nothing_is_written": {66},
        "test_an_invalid_configuration_leaves_type_and_rule_as_they_were": {66},
    },
    "tests/integration/pipeline_rows/test_types.py": {
        "test_recipe_types_are_locked_first_then_job_types_then_the_rule": {17},
        "test_a_rule_that_a_type_has_cannot_be_deleted": {63},
        "test_a_type_is_saved_with_a_rule_that_fits": {64},
        "test_a_rule_that_gives_another_input_is_refused_and_nothing_is_written": {64},
        "test_another_rule_takes_the_place_of_the_old_one_which_is_archived": {65},
        "test_a_rule_is_removed_and_archived": {65},
        "test_without_a_word_about_the_rule_it_stays": {65},
        "test_a_rule_that_stays_is_checked_against_new_inputs": {65},
        "test_in_a_transaction_that_is_rolled_back_it_is_a_dry_run": {67},
    },
}
"""Tests that state points in words of their own, beside those of what they are about: the clock and the pipeline."""

DIFFERENCES = ROOT / "docs" / "reference" / "scale.md"


def first_lines() -> Iterator[tuple[str, str]]:
    """Yield the name of each test of the points, with the first line of its docstring."""
    for place in STATED_IN:
        for path in sorted(place.glob("test_*.py")) if place.is_dir() else [place]:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and path != Path(__file__):
                    yield f"{path.name}::{node.name}", (ast.get_docstring(node) or "").partition("\n")[0]


def stated() -> set[int]:
    """Return the points that tests state."""
    heads = [re.match(r"Points? ([\d, and]+):", line) for _, line in first_lines()]
    numbered = {int(number) for head in heads if head for number in re.findall(r"\d+", head[1])}
    return numbered.union(*(points for tests in STATED_BY.values() for points in tests.values()))


def different() -> set[int]:
    """Return the points in the documentation's list of what is different."""
    return {int(number) for number in re.findall(r"^\| (\d+) \|", DIFFERENCES.read_text(), re.MULTILINE)}


def test_each_is_stated_or_different() -> None:
    """None is left out, and there are no others."""
    assert stated() | different() == set(POINTS)


def test_each_test_says_what_it_states() -> None:
    """Its first line begins with the number."""
    assert [name for name, line in first_lines() if not re.match(r"Points? \d+\b", line)] == []


@pytest.mark.parametrize("path", STATED_BY)
def test_the_tests_that_are_named_are_there(path: str) -> None:
    """Whoever renames one finds the point again."""
    nodes = ast.walk(ast.parse((ROOT / path).read_text()))
    assert STATED_BY[path].keys() <= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
