"""A transition as a class implements it: its function, its hooks, and the plans laid out for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from detent.machine.arguments import Call, is_coroutine
from detent.machine.hooks import KINDS, Hook
from detent.machine.plan import Plan
from detent.machine.shortcut import Shortcut, asked_together, run_together
from detent.machine.verdict import Verdict

if TYPE_CHECKING:
    from detent.machine.definition import State, Transition
    from detent.machine.workflow import Workflow

P = ParamSpec("P")
R = TypeVar("R")


def noop(instance: object, *args: object, **kwargs: object) -> None:
    """Do nothing: the implementation of a transition that has no method of its own."""


class UnboundTransition(Generic[P, R]):
    """What the bound transitions of a class have in common, and read here instead of carrying it.

    Args:
        field_name: The attribute that holds the objects' state.
        transition: The transition.
        workflow: The workflow of that state.
        implementation: The function that the transition runs, with the object first.
        hooks: The hooks around it, by kind.

    Attributes:
        plans: What is laid out, by the name of the source state.
        shortcuts: Likewise, where a call can take the shortcut; under None also that of the initial state, in which an
            object is that holds no name.
        owner: The class on which the transition stands.
        attribute: The attribute in which objects of that class hold the state's name, where that is known.
        runs_usual_steps: Whether the class of the bound transitions has no step of a call replaced.
        bare_call: A call without arguments.
    """

    def __init__(
        self,
        field_name: str,
        transition: "Transition",
        workflow: "Workflow",
        implementation: Callable[Concatenate[Any, P], R],
        hooks: Mapping[str, Sequence[Hook]] | None = None,
    ) -> None:
        self.field_name = field_name
        self.transition = transition
        self.workflow = workflow
        self.implementation = implementation
        self.hooks = {kind: list(of_kind) for kind, of_kind in (hooks or {}).items()}
        self.plans: dict[str, Plan] = {}
        self.shortcuts: dict[str | None, Shortcut] = {}
        self.owner: type[Any] | None = None
        self.attribute = ""
        self.bare_call = Call(implementation, (), {})
        self.__doc__ = implementation.__doc__
        self.runs_usual_steps = False

    def add_hook(self, hook: Hook) -> None:
        """Run one more hook around the transition."""
        self.hooks.setdefault(hook.kind, []).append(hook)
        self.plans.clear()
        self.shortcuts.clear()

    def with_functions(self, change: Callable[[Callable[..., Any]], Callable[..., Any]]) -> "UnboundTransition[P, R]":
        """Return the same transition with what a function makes of its implementation and hooks."""
        hooks = {
            kind: [hook.with_function(change(hook.function)) for hook in of_kind]
            for kind, of_kind in self.hooks.items()
        }
        return UnboundTransition(self.field_name, self.transition, self.workflow, change(self.implementation), hooks)

    def plan_from(self, state: "State") -> Plan:
        """Return what the transition runs from a state."""
        plan = self.plans.get(state.name) if state.known else None
        return self._lay_out(state) if plan is None else plan

    def answer(self, state: str, **refusal: Any) -> Verdict:
        """Return the verdict of an object in a state: allowed, or what the refusal says."""
        transition, workflow = self.transition, type(self.workflow).__name__
        return Verdict(
            transition.name, state, sources=transition.source_names, workflow=workflow, field=self.field_name, **refusal
        )

    def _lay_out(self, state: "State") -> Plan:
        plan = Plan.of(
            self.transition,
            state,
            self.hooks,
            permitted=self.answer(state.name),
            coroutines=self._coroutines_beside_plan(),
        )
        if state.known:
            self.plans[state.name] = plan
            if self._is_straight(plan):
                self._keep_shortcut(state, plan)
        return plan

    def _coroutines_beside_plan(self) -> list[str]:
        others = [hook for kind, of_kind in self.hooks.items() if kind not in KINDS for hook in of_kind]
        of_method = ["the implementation"] if is_coroutine(self.implementation) else []
        return of_method + [hook.description for hook in others if hook.awaited]

    def _is_straight(self, plan: Plan) -> bool:
        usual = self.runs_usual_steps and self.attribute != ""
        return usual and plan.allowed and plan.takes_objects_only

    def _keep_shortcut(self, state: "State", plan: Plan) -> None:
        shortcut = Shortcut(
            check=asked_together(plan.checks),
            before=run_together(plan.before),
            implementation=None if self.implementation is noop else self.implementation,
            from_state=self.workflow.state_value(state.name),
            target=self.transition.target.name,
            heard=self.workflow.levels_heard(),
            after=run_together(plan.after),
            checks=plan.checks,
            may_stray=bool(plan.before) or self.implementation is not noop,
        )
        self.shortcuts[state.name] = shortcut
        if state is getattr(self.workflow, "initial_state", None):
            self.shortcuts[None] = shortcut
