"""What `manage.py detent rules` takes."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from detent.trigger.written.file import WRITERS


def add_parsers_of_files(add: Callable[..., ArgumentParser]) -> None:
    """Take what is done with rule files."""
    validate = add("validate", help="Check every rule of a file; change nothing.")
    take_in = add("import", help="Create and revise rules as a file has them, all or none.")
    for parser in (validate, take_in):
        parser.add_argument("path", type=Path, metavar="FILE", help="A rule file, JSON or YAML.")
    take_in.add_argument("--dry-run", action="store_true", help="Only say what would be done.")
    take_in.add_argument(
        "--archive-others", action="store_true", help="Archive the rules that the file does not name, too."
    )
    put_out = add("export", help="Write rules as a rule file.")
    put_out.add_argument("rules", nargs="*", metavar="RULE", help="Keys or names; all that are not archived if none.")
    put_out.add_argument("--output", dest="path", type=Path, metavar="FILE", help="Where to; YAML by its name.")
    put_out.add_argument("--format", dest="form", choices=WRITERS, default="json", help="As what it is printed.")
    _take_author(take_in)
    _take_json(take_in)


def add_parsers_of_rules(add: Callable[..., ArgumentParser]) -> None:
    """Take what is done with rules that are there."""
    listing = add("list", help="List the rules.")
    listing.add_argument("--archived", action="store_true", help="List archived ones and earlier revisions, too.")
    history = add("history", help="Show the revisions of a rule: by whom, when, and what differed.")
    test = add("test", help="Say whether something would trigger a rule, and why; do nothing.")
    acts = [
        add("pause", help="Let nothing trigger a rule until it is resumed."),
        add("resume", help="Let a paused rule be triggered again, by what happens from now on."),
        add("archive", help="End a rule for good."),
    ]
    for parser in (history, test, *acts):
        parser.add_argument("rule", metavar="RULE", help="The key of a rule, or its name.")
    what = test.add_mutually_exclusive_group(required=True)
    what.add_argument("--file", dest="path", type=Path, help="A document with type and data, as JSON or YAML.")
    what.add_argument("--event", type=int, metavar="ID", help="What an event came of.")
    what.add_argument("--occurrence", type=int, metavar="ID", help="An occurrence that was taken in.")
    for parser in (listing, history, test):
        _take_json(parser)
    for parser in acts:
        _take_author(parser)


def _take_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", dest="as_json", action="store_true", help="Print JSON.")


def _take_author(parser: ArgumentParser) -> None:
    parser.add_argument("--by", metavar="USER", help="The name of the user who does it, for the rule's history.")
