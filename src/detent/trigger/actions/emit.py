"""The built-in action `emit`: says that something happened, which other rules may wait for."""

from typing import TYPE_CHECKING

from detent.trigger.actions.registry import action
from detent.trigger.delivery.outcome import Reject
from detent.trigger.errors import InvalidOccurrence
from detent.trigger.occurrences.emitting import emit

if TYPE_CHECKING:
    from detent.trigger.models import Delivery

SOURCE = "detent"


@action("emit", permission="trigger.use_emit_action")
def emit_again(
    delivery: "Delivery",
    *,
    type: str,  # noqa: A002 - the name that CloudEvents gives it
    data: dict[str, object] | None = None,
    source: str = SOURCE,
    subject: str = "",
) -> None:
    """Emit an occurrence; it commits with the delivery, so it is emitted once.

    Its id is the delivery's key. How deep in a chain of causes it may stand is bounded, so that rules that trigger each
    other come to an end.

    Args:
        delivery: What asks for it.
        type: What kind of thing happened.
        data: Whatever else there is to say.
        source: Who says so.
        subject: What it happened to.

    Raises:
        Reject: It cannot be taken in.
        CausationTooDeep: It would stand too deep in its chain of causes.
    """
    try:
        emit(type, data or {}, source=source, id=delivery.key, subject=subject, using=delivery._state.db)
    except InvalidOccurrence as error:
        raise Reject(f"emit: {error}") from error
