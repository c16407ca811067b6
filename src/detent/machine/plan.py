"""What a transition runs from one source state: laid out once, kept for every later call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detent.machine.hooks import HOOK_AFTER, HOOK_BEFORE, HOOK_CHECK, HOOK_ON_ENTER, HOOK_ON_LEAVE, Hook
from detent.machine.verdict import Verdict

if TYPE_CHECKING:
    from detent.machine.definition import State, Transition


@dataclass(frozen=True, slots=True)
class Plan:
    """The hooks of one transition from one source state, each list in the order in which it runs.

    Attributes:
        allowed: Whether the transition starts in that state at all.
        checks: What is asked first.
        before: Before-hooks and on-leave hooks, sorted together.
        after: After-hooks and on-enter hooks, sorted together.
        permitted: The verdict where nothing refuses.
        coroutines: What of all that must be awaited, in words.
    """

    allowed: bool
    checks: Sequence[Hook]
    before: Sequence[Hook]
    after: Sequence[Hook]
    permitted: Verdict
    coroutines: Sequence[str]

    @classmethod
    def of(
        cls,
        transition: "Transition",
        from_state: "State",
        hooks: Mapping[str, Sequence[Hook]],
        *,
        permitted: Verdict,
        coroutines: Sequence[str],
    ) -> "Plan":
        """Lay out the plan of a transition from a state.

        Args:
            transition: The transition.
            from_state: The state from which it would start.
            hooks: The hooks of the object's class for this transition, by kind.
            permitted: The verdict where nothing refuses.
            coroutines: What must be awaited beside the hooks of these five kinds, in words.
        """

        def applying(kinds: Iterable[str]) -> tuple[Hook, ...]:
            of_kinds = (hook for kind in kinds for hook in hooks.get(kind, ()))
            return tuple(sorted(hook for hook in of_kinds if hook.applies_to(transition, from_state)))

        checks, before = applying([HOOK_CHECK]), applying([HOOK_BEFORE, HOOK_ON_LEAVE])
        after = applying([HOOK_AFTER, HOOK_ON_ENTER])
        awaited = [hook.description for hook in (*checks, *before, *after) if hook.awaited]
        return cls(
            allowed=transition.starts_in(from_state),
            checks=checks,
            before=before,
            after=after,
            permitted=permitted,
            coroutines=(*coroutines, *awaited),
        )

    @property
    def takes_objects_only(self) -> bool:
        """Whether each hook is called with the object and nothing else, and none is awaited."""
        return not self.coroutines and all(hook.takes_object_only for hook in (*self.checks, *self.before, *self.after))
