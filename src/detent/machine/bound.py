"""A transition of one object, and what it answers when it is asked whether it may take place."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Generic

from detent.machine import messages
from detent.machine.arguments import Call
from detent.machine.errors import AbortTransition, ForbiddenTransition, InvalidTransitionError, MissingArgument
from detent.machine.hooks import Hook
from detent.machine.plan import Plan
from detent.machine.state_value import StateWrapper
from detent.machine.unbound import P, R, UnboundTransition
from detent.machine.verdict import Verdict

if TYPE_CHECKING:
    from detent.machine.definition import Transition
    from detent.machine.workflow import Workflow


class _Documentation:
    """The `__doc__` of a bound transition: that of the method it runs; on the class, the class's own."""

    def __init__(self, of_class: str | None) -> None:
        self.of_class = of_class

    def __get__(self, bound: "BoundTransition[..., Any] | None", owner: type[Any]) -> str | None:
        return self.of_class if bound is None else bound.implementation.__doc__


class BoundTransition(Generic[P, R]):
    """A transition of one object, to be asked about; it holds the object and reads the rest where it is declared.

    Args:
        instance: The object.
        field_name: The attribute that holds its state.
        transition: The transition.
        workflow: The workflow of that state.
        implementation: The function that the transition runs, with the object first.
        hooks: The hooks around it, by kind.

    Attributes:
        declared: The transition as the object's class has it.
        from_state: The state that the call left; set once its implementation has run.
    """

    __slots__ = ("_call", "declared", "from_state", "instance")

    instance: Any
    declared: UnboundTransition[P, R]
    from_state: StateWrapper
    _call: Call

    def __init__(
        self,
        instance: Any,
        field_name: str,
        transition: "Transition",
        workflow: "Workflow",
        implementation: Callable[Concatenate[Any, P], R],
        hooks: Mapping[str, Sequence[Hook]] | None = None,
    ) -> None:
        self.instance = instance
        self.declared = UnboundTransition(field_name, transition, workflow, implementation, hooks)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__doc__ = _Documentation(cls.__doc__)  # type: ignore[assignment]

    @property
    def field_name(self) -> str:
        """The attribute that holds the object's state."""
        return self.declared.field_name

    @property
    def transition(self) -> "Transition":
        """The transition."""
        return self.declared.transition

    @property
    def workflow(self) -> "Workflow":
        """The workflow of the state."""
        return self.declared.workflow

    @property
    def implementation(self) -> Callable[Concatenate[Any, P], R]:
        """The function that the transition runs, with the object first."""
        return self.declared.implementation

    @property
    def hooks(self) -> Mapping[str, Sequence[Hook]]:
        """The hooks around the transition, by kind."""
        return self.declared.hooks

    @property
    def plans(self) -> Mapping[str, Plan]:
        """What is laid out so far, by the name of the source state."""
        return self.declared.plans

    @property
    def plan(self) -> Plan:
        """What a call would run from the object's state."""
        return self.declared.plan_from(self.current_state.state)

    @property
    def current_state(self) -> StateWrapper:
        """The object's state."""
        return getattr(self.instance, self.declared.field_name)  # type: ignore[no-any-return]

    @property
    def call(self) -> Call:
        """What was last called or asked about."""
        try:
            return self._call
        except AttributeError:
            return self.declared.bare_call

    @call.setter
    def call(self, call: Call) -> None:
        self._call = call

    def is_available(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the state and the checks allow the transition; checks whose arguments are not given are not asked."""
        return self.explain(*args, **kwargs).allowed

    def explain(self, *args: Any, **kwargs: Any) -> Verdict:
        """Say whether a call with these arguments would be allowed, and if not, why; nothing is changed."""
        self._call = self._called_with(args, kwargs)
        try:
            if type(self)._pre_transition_checks is BoundTransition._pre_transition_checks:
                return self._verdict(self._call)
            self._pre_transition_checks()
        except AbortTransition as refusal:
            return self._verdict_of(refusal)
        return self._answer(self.current_state)

    def _verdict_of(self, refusal: AbortTransition) -> Verdict:
        if refusal.verdict is None:
            return self._answer(self.current_state, code="check", message=str(refusal))
        return refusal.verdict

    def _called_with(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call:
        return Call(self.declared.implementation, args, kwargs) if args or kwargs else self.declared.bare_call

    def _pre_transition_checks(self) -> None:
        self._raise_unless_allowed(self._verdict(self.call))

    def _raise_unless_allowed(self, verdict: Verdict) -> None:
        if not verdict.allowed:
            raise self._refusal(verdict)
        if verdict.pending:
            raise self._missing(verdict)

    def _verdict(self, call: Call) -> Verdict:
        state = self.current_state
        refusal = self._refused_outright(state)
        if refusal is not None:
            return refusal
        plan, pending = self.declared.plan_from(state.state), []
        for check in plan.checks:
            if check.awaited or check.parameters.missing(call):
                pending.append(check.name)
            elif not check.run(self.instance, call):
                return self._refused_by_check(state, check)
        return self._answer(state, pending=tuple(pending)) if pending else plan.permitted

    def _refused_outright(self, state: StateWrapper) -> Verdict | None:
        """Refuse for what is known before any check is asked."""
        if not self.declared.plan_from(state.state).allowed:
            return self._refused_by_state(state)
        return self._refused_by_permission(state)

    def _refused_by_state(self, state: StateWrapper) -> Verdict:
        message = self._worded(messages.WRONG_STATE, state=state.name)
        return self._answer(state, code="wrong_state" if state.known else "unknown_state", message=message)

    def _refused_by_permission(self, state: StateWrapper) -> Verdict | None:
        """Refuse for want of the transition's permission; a plain object knows of no one who acts."""
        return None

    def _refused_by_check(self, state: StateWrapper, check: Hook) -> Verdict:
        message = check.reason or self._worded(messages.REFUSED_BY_CHECK)
        return self._answer(state, code="check", message=message, check=check.name)

    def _answer(self, state: StateWrapper, **refusal: Any) -> Verdict:
        return self.declared.answer(state.name, **refusal)

    def _refusal(self, verdict: Verdict) -> AbortTransition:
        error = ForbiddenTransition if verdict.code == "check" else InvalidTransitionError
        return error(verdict.message, verdict=verdict, instance=self.instance)

    def _missing(self, verdict: Verdict) -> MissingArgument:
        missing = sorted({name for check in self.plan.checks for name in check.parameters.missing(self.call)})
        checks = ", ".join(verdict.pending)
        message = self._worded(messages.MISSING_ARGUMENT, missing=", ".join(missing), checks=checks)
        return MissingArgument(message, verdict=verdict, instance=self.instance)

    def _worded(self, text: str, **values: object) -> str:
        """Put the transition's name and other values into a text for a person."""
        return text % {"transition": self.transition.name, **values}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.transition.name!r} on {self.field_name!r}: {self.implementation!r}>"
