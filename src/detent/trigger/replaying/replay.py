"""Asking for a replay."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import router

from detent.trigger.models import Occurrence
from detent.trigger.replaying.errors import InvalidReplay
from detent.trigger.replaying.report import ReplayReport
from detent.trigger.replaying.rules import drafted_rules, rules_in_force
from detent.trigger.replaying.running import Running
from detent.trigger.replaying.selection import Selection, span_of
from detent.trigger.rule_files import RuleEntry

BATCH = 500
DRAFTS_ARE_TRIED = (
    "they can only be tried, by a dry run. To replay them for real, import them first: "
    "manage.py detent rules import FILE."
)


def replay(
    *,
    types: Iterable[str] = (),
    sources: Iterable[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    rules: Iterable[str] = (),
    drafts: Sequence[RuleEntry] | None = None,
    dry_run: bool = False,
    after: int = 0,
    most: int | None = None,
    batch_size: int = BATCH,
    progress: Callable[[ReplayReport], object] | None = None,
    using: str | None = None,
) -> ReplayReport:
    """Let occurrences that were taken in before trigger the rules of today.

    What has triggered a rule, in whichever of its revisions, does not trigger it again, so that a replay which was
    interrupted is simply started again. A rule that fails stops neither the others nor the replay.

    Args:
        types: Only occurrences of one of these types.
        sources: Only those from one of these sources.
        since: Only those that happened then or later, with a time zone.
        until: Only those that happened before then, with a time zone.
        rules: Only the rules of these names or keys.
        drafts: Try these in place of the rules in force, as `read_rule_file` returns them; only in a dry run.
        dry_run: Whether only to say what would be triggered.
        after: Only occurrences with a larger key, such as `reached` of an earlier report.
        most: How many occurrences it looks at, at most; None: all of them.
        batch_size: How many occurrences are held in memory at once, and written in one transaction.
        progress: Called after each batch with the report so far.
        using: The database alias; None: where occurrences are written.

    Returns:
        What was found and done.

    Raises:
        RuleNotInForce: One of `rules` is of no rule that could be asked.
        InvalidDrafts: Some of the drafts are invalid.
        InvalidReplay: Drafts were to be triggered for real, a bound of the time range is no date-time with a time zone,
            or `most` or `batch_size` is below 1.
    """
    using = using or router.db_for_write(Occurrence)
    selection, names = Selection(tuple(types), tuple(sources), since, until), tuple(rules)
    if drafts is not None and not dry_run:
        raise InvalidReplay("drafts", DRAFTS_ARE_TRIED)
    for name, number in (("batch_size", batch_size), ("most", most)):
        if number is not None and number < 1:
            raise InvalidReplay(name, f"must be 1 or more, not {number}.")
    snapshot, reports = rules_in_force(names, using) if drafts is None else drafted_rules(drafts, names, using)
    span = span_of(after, using)
    report = ReplayReport(dry_run, snapshot.token, span.after, span.last, span.after, rules=list(reports.values()))
    running = Running(snapshot, reports, report, using)
    for batch in selection.batches(span, batch_size, using, most):
        running.take(batch)
        if progress:
            progress(report)
    if most is None or report.looked_at < most:
        report.reached = max(span)
    return report
