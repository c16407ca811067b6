"""`manage.py detent replay`: lets occurrences of the past trigger the rules of today, or says what they would."""

import json
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from detent.errors import DetentError
from detent.trigger.management.alias import known_alias
from detent.trigger.replaying import ReplayReport, RuleReport, replay
from detent.trigger.rule_files import read_rule_file

CHOICES = ("types", "sources", "since", "until", "rules", "draft", "all")


class Command(BaseCommand):
    """Replays occurrences."""

    help = "Let past occurrences trigger the rules in force, each rule at most once; or only say what they would."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which occurrences and which rules."""
        parser.add_argument("--type", action="append", dest="types", help="Only this type; may be given again.")
        parser.add_argument("--source", action="append", dest="sources", help="Only this source; may be given again.")
        parser.add_argument("--since", type=moment, help="Only what happened at this date or date-time, or later.")
        parser.add_argument("--until", type=moment, help="Only what happened before this date or date-time.")
        parser.add_argument("--all", action="store_true", help="All occurrences, and all rules in force.")
        parser.add_argument("--rule", action="append", dest="rules", help="Only this rule; may be given again.")
        parser.add_argument("--draft", type=Path, help="Try the rules of this file instead; with --dry-run.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be triggered.")
        parser.add_argument("--after", type=int, default=0, help="Go on after the occurrence with this key.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")

    def handle(self, *_: Any, database: str, json: bool, dry_run: bool, after: int, **options: Any) -> None:
        """Replay, tell on standard error how far it is, and print the report.

        Raises:
            CommandError: It was not said which occurrences, something asked for cannot be replayed, or a rule failed.
        """
        if not any(options[name] for name in CHOICES):
            raise CommandError("Say which occurrences or rules: --type, --source, --since, --until, --rule or --all.")
        try:
            report = replay(
                types=options["types"] or (),
                sources=options["sources"] or (),
                since=options["since"],
                until=options["until"],
                rules=options["rules"] or (),
                drafts=read_rule_file(options["draft"]) if options["draft"] else None,
                dry_run=dry_run,
                after=after,
                progress=teller(self.stderr.write),
                using=known_alias(database),
            )
        except DetentError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run the same command again: what was done is skipped.") from None
        self.stdout.write(as_json(report) if json else "\n".join(lines(report)))
        if report.failed or report.unreadable:
            raise CommandError(f"{report.failed + report.unreadable} could not be evaluated; the others were.")


def moment(text: str) -> datetime:
    """Read a date or date-time of the command line; without a time zone it is of the current one.

    Raises:
        ArgumentTypeError: It is neither.
    """
    try:
        read = parse_datetime(text)
    except ValueError:
        read = None
    if read is None:
        raise ArgumentTypeError(f"{text!r} is no date or date-time; write 2026-11-01 or 2026-11-01T12:30+01:00")
    return timezone.make_aware(read) if timezone.is_naive(read) else read


def teller(write: Callable[[str], object]) -> Callable[[ReplayReport], None]:
    """Return what tells how far a replay is, at most once a second."""
    told = monotonic()

    def tell(report: ReplayReport) -> None:
        nonlocal told
        if monotonic() - told >= 1:
            told = monotonic()
            write(f"{report.passed:4.0%}  {report.looked_at} looked at, up to occurrence {report.reached}")

    return tell


def as_json(report: ReplayReport) -> str:
    """Return the report as JSON text."""
    return json.dumps(report.as_data(), cls=DjangoJSONEncoder, indent=2)


def lines(report: ReplayReport) -> Iterator[str]:
    """Return the lines that a person reads."""
    yield f"{report.looked_at} occurrences looked at, up to {report.reached}; ruleset {report.ruleset or 'of drafts'}"
    for rule in report.rules:
        yield from _rule_lines(rule, "would trigger" if report.dry_run else "triggered")
    if not any(rule.triggered or rule.already or rule.failed for rule in report.rules):
        yield "They concern none of the rules."
    if report.unreadable:
        yield f"{report.unreadable} cannot be held against any pattern"
    if report.rules_changed:
        yield "The rules have changed meanwhile: replay again for those that are new."


def _rule_lines(rule: RuleReport, word: str) -> Iterator[str]:
    if not (rule.triggered or rule.already or rule.failed or rule.withdrawn):
        return
    which = "draft" if rule.rule is None else f"rule {rule.rule}"
    yield f"{rule.name} ({which}): {rule.triggered} {word}, {rule.already} already, {rule.failed} failed"
    for sample in rule.samples:
        said = f"  occurrence {sample.occurrence} from {sample.source}, id {sample.id}"
        yield f"{said}: {sample.complaint}" if sample.complaint else said
    for reason, count in rule.failures.items():
        yield f"  {count} failed: {reason}"
    if rule.withdrawn:
        yield "  no longer in force, and left out since"
