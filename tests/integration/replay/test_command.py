"""`manage.py detent replay`."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from detent.trigger import TriggerEvent
from detent.trigger.management.subcommands.replay import moment
from tests.integration.replay.factories import NOON, happened, paid_configuration, paid_rule, triggered_by
from tests.integration.replay.test_failures import unjudged

pytestmark = pytest.mark.django_db


def detent_replay(*arguments: str) -> str:
    """Run the command and return what it printed."""
    output = io.StringIO()
    call_command("detent", "replay", *arguments, stdout=output)
    return output.getvalue()


def test_replay_says_what_it_did() -> None:
    """Rule by rule, with samples."""
    made = happened(2)
    rule = paid_rule("review")
    output = detent_replay("--type", "order.paid", "--since", "2026-11-01")
    assert "2 occurrences looked at" in output
    assert f"review (rule {rule.pk}): 2 triggered, 0 already, 0 failed" in output
    assert f"occurrence {made[0].pk} from shop, id order.paid-000" in output
    assert triggered_by(rule) == [0, 1]


def test_a_dry_run_says_what_it_would_do() -> None:
    happened(1)
    paid_rule("review")
    assert "1 would trigger" in detent_replay("--all", "--dry-run")
    assert not TriggerEvent.objects.exists()


def test_the_report_is_printed_as_json() -> None:
    """The same as the function returns."""
    happened(1)
    rule = paid_rule("review")
    report = json.loads(detent_replay("--rule", "review", "--json"))
    assert (report["looked_at"], report["rules"][0]["rule"], report["rules"][0]["triggered"]) == (1, rule.pk, 1)


def test_a_draft_is_tried_from_its_file(tmp_path: Path) -> None:
    happened(2)
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([{"name": "later", "type": "EVENT", "configuration": paid_configuration(order=[1])}]))
    assert "later (draft): 1 would trigger" in detent_replay("--draft", str(path), "--dry-run")
    with pytest.raises(CommandError, match="rules import"):
        detent_replay("--draft", str(path))


def test_a_replay_that_concerns_nothing_says_so() -> None:
    happened(1)
    assert "concern none of the rules" in detent_replay("--all")


def test_a_replay_of_nothing_asks_what_is_meant() -> None:
    """Everything is replayed only to who says so."""
    with pytest.raises(CommandError, match="--type, --source"):
        detent_replay("--dry-run")


def test_rules_that_failed_make_the_command_fail_once_all_is_done() -> None:
    happened(2)
    other = paid_rule("other")
    with unjudged(0), pytest.raises(CommandError, match="1 could not be evaluated"):
        detent_replay("--all")
    assert triggered_by(other) == [0, 1]


def test_a_rule_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="No rule 'none'"):
        detent_replay("--rule", "none")


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_what_is_no_moment_is_refused_with_the_form_to_write(text: str) -> None:
    with pytest.raises(CommandError, match="write 2026-11-01"):
        detent_replay("--since", text)


def test_a_moment_without_a_zone_is_of_the_current_one() -> None:
    assert moment("2026-11-01") == NOON.replace(hour=0)
    assert moment("2026-11-01T13:00+01:00") == NOON
