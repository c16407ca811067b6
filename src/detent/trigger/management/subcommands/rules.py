"""`manage.py detent rules`: the rules there are, from files and to files, and why they would be triggered or not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from detent.errors import DetentError
from detent.trigger.document import Document
from detent.trigger.explanation.sample import document_of_event, document_of_occurrence
from detent.trigger.management.alias import known_alias, take_database
from detent.trigger.management.rule_arguments import add_parsers_of_files, add_parsers_of_rules
from detent.trigger.management.sample import document_in
from detent.trigger.management.which_rule import find_rule, find_user
from detent.trigger.models import TriggerRule
from detent.trigger.rule_files import ImportPlan, export_rules, import_rules, plan_import, read_rule_file
from detent.trigger.written.file import WRITERS, is_yaml


class Command(BaseCommand):
    """Lists, explains, pauses, imports and exports rules."""

    help = "List, test, pause, import and export rules."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        does = parser.add_subparsers(dest="does", required=True)
        add_parsers_of_files(does.add_parser)
        add_parsers_of_rules(does.add_parser)
        take_database(parser, *does.choices.values())

    def handle(self, *_: Any, does: str, database: str, **options: Any) -> None:
        """Do it.

        Raises:
            CommandError: A file cannot be read, a rule is invalid, or there is no such database or rule.
        """
        tasks: dict[str, Callable[..., None]] = {
            "validate": self._validate,
            "import": self._import,
            "export": self._export,
            "list": self._list,
            "history": self._history,
            "test": self._test,
            "pause": self._pause,
            "resume": self._resume,
            "archive": self._archive,
        }
        try:
            tasks[does](known_alias(database), **options)
        except DetentError as error:
            raise CommandError(str(error)) from error

    def _validate(self, database: str, *, path: Path, **_: Any) -> None:
        entries = read_rule_file(path)
        plan_import(entries, database)
        self.stdout.write("1 rule is valid." if len(entries) == 1 else f"{len(entries)} rules are valid.")

    def _import(
        self,
        database: str,
        *,
        path: Path,
        dry_run: bool,
        archive_others: bool,
        by: str | None,
        as_json: bool,
        **_: Any,
    ) -> None:
        entries, user = read_rule_file(path), find_user(by, database)
        if dry_run:
            plan = plan_import(entries, database, archive_others=archive_others)
        else:
            plan = import_rules(entries, database, archive_others=archive_others, by=user)
        self._show(plan.as_data() if as_json else _told(plan, dry_run=dry_run))

    def _export(self, database: str, *, rules: list[str], path: Path | None, form: str, **_: Any) -> None:
        chosen = [find_rule(rule, database) for rule in rules]
        for found in chosen:
            if found.archived:
                raise CommandError(f"Rule {found.pk} is archived; only rules in force or paused are exported.")
        export = export_rules(database, [found.pk for found in chosen] or None)
        text = WRITERS["yaml" if path and is_yaml(path) else form]([*export.entries])
        if path:
            _write(path, text)
        else:
            self.stdout.write(text, ending="")
        for left_out in export.left_out:
            self.stderr.write(f"left out: rule {left_out.pk}, as {_why_left_out(left_out)}")

    def _list(self, database: str, *, archived: bool, as_json: bool, **_: Any) -> None:
        rules = TriggerRule.objects.using(database).order_by("name", "pk")
        listed = [_summary(rule) for rule in (rules if archived else rules.filter(archived=None))]
        self._show(listed if as_json else "\n".join("{id}  {state}  {type}  {name}".format(**one) for one in listed))

    def _history(self, database: str, *, rule: str, as_json: bool, **_: Any) -> None:
        history = find_rule(rule, database).history()
        as_data = [revision.as_data() for revision in history]
        self._show(as_data if as_json else "\n".join(map(str, history)))

    def _test(self, database: str, *, rule: str, as_json: bool, **what: Any) -> None:
        explanation = find_rule(rule, database).explain(_document(database, **what))
        self._show(explanation.as_data() if as_json else str(explanation))

    def _pause(self, database: str, *, rule: str, by: str | None, **_: Any) -> None:
        found = find_rule(rule, database)
        self.stdout.write(f"{found}: {'paused' if found.pause(find_user(by, database)) else 'is paused already'}")

    def _resume(self, database: str, *, rule: str, by: str | None, **_: Any) -> None:
        found = find_rule(rule, database)
        self.stdout.write(f"{found}: {'resumed' if found.resume(find_user(by, database)) else 'is not paused'}")

    def _archive(self, database: str, *, rule: str, by: str | None, **_: Any) -> None:
        found = find_rule(rule, database)
        is_new = found.archived is None
        found.archive(find_user(by, database))
        self.stdout.write(f"{found}: {'archived' if is_new else 'is archived already'}")

    def _show(self, said: Any) -> None:
        self.stdout.write(said if isinstance(said, str) else json.dumps(said, indent=2, ensure_ascii=False))


def _document(database: str, *, path: Path | None, event: int | None, occurrence: int, **_: Any) -> Document:
    if path is not None:
        return document_in(path)
    return document_of_occurrence(occurrence, database) if event is None else document_of_event(event, database)


def _told(plan: ImportPlan, *, dry_run: bool) -> str:
    lines = []
    for change in plan.changes:
        done = f"{'would be ' if dry_run else ''}{' and '.join(change.acts)}" if change.acts else "unchanged"
        lines += [f"{change.name}: {done}", *(f"  {difference}" for difference in change.differences)]
    if plan.left_alone:
        lines.append(f"left alone, as the file does not name them: {', '.join(map(str, plan.left_alone))}")
    return "\n".join(lines)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error}") from error


def _why_left_out(rule: TriggerRule) -> str:
    return f"another is called {rule.name!r} too" if rule.name else "it has no name"


def _summary(rule: TriggerRule) -> dict[str, Any]:
    state = "archived" if rule.archived else "in force" if rule.is_active else "paused"
    return {"id": rule.pk, "name": rule.name, "type": rule.type, "state": state, "uuid": str(rule.uuid)}
