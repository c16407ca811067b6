"""How a class gets its transitions: points 39 to 45."""

import pytest

from detent.machine import (
    ConflictingImplementation,
    ForbiddenTransition,
    Hook,
    ImplementationWrapper,
    Move,
    UnknownTransition,
    Workflow,
    WorkflowEnabled,
    after_transition,
    iterclass,
    transition,
    transition_check,
)
from tests.unit.machine.jobs import JobWorkflow


class Job(WorkflowEnabled):
    state = JobWorkflow()

    @transition()
    def start(self) -> str:
        return "started"

    @transition("fail")
    def give_up(self) -> str:
        return "gave up"


class PrintWorkflow(Workflow):
    states = (("blank", "Blank"), ("printed", "Printed"))
    transitions = (("print_label", "blank", "printed"), ("cancel", "printed", "blank"))
    initial_state = "blank"


def test_a_marked_method_implements_the_transition_of_its_name() -> None:
    job = Job()
    assert job.start() == "started"
    assert job.state == "running"


def test_a_method_marked_for_another_name_moves_under_its_own() -> None:
    job = Job()
    job.start()
    assert job.give_up() == "gave up"
    assert job.state == "failed"
    assert not hasattr(Job, "fail")


def test_the_decorator_without_call_says_how_to_write_it() -> None:
    with pytest.raises(ConflictingImplementation) as caught:

        @transition
        def start(self: object) -> None: ...

    message = "The @transition decorator should be called as @transition(['transition_name'], **kwargs)"
    assert str(caught.value) == message
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("base", [WorkflowEnabled, Job])
def test_an_unmarked_attribute_of_a_transitions_name_is_a_value_error(base: type[WorkflowEnabled]) -> None:
    message = "Can't override transition implementation 'start' of Broken"
    with pytest.raises(ConflictingImplementation, match=message) as caught:
        type("Broken", (base,), {"state": JobWorkflow(), "start": lambda _: None})
    assert isinstance(caught.value, ValueError)
    assert (caught.value.workflow, caught.value.name) == ("Broken", "start")


def test_two_methods_for_one_transition_are_a_value_error_that_names_both() -> None:
    with pytest.raises(ConflictingImplementation, match="two implementations, 'begin' and 'start'"):

        class Broken(WorkflowEnabled):
            state = JobWorkflow()

            @transition("start")
            def begin(self) -> None: ...

            @transition()
            def start(self) -> None: ...


def test_two_workflows_with_a_transition_of_one_name_are_a_value_error() -> None:
    with pytest.raises(ConflictingImplementation, match="Can't override transition implementation 'cancel'"):

        class Broken(WorkflowEnabled):
            label = PrintWorkflow()
            state = JobWorkflow()


class Parcel(WorkflowEnabled):
    state = JobWorkflow()
    label = PrintWorkflow()

    @transition("cancel", field="label")
    def tear_off(self) -> str:
        return "torn off"


def test_two_workflows_share_a_class_where_one_transition_is_renamed() -> None:
    parcel = Parcel()
    parcel.print_label()
    parcel.start()
    assert (parcel.state, parcel.label) == ("running", "printed")
    assert parcel.tear_off() == "torn off"
    assert (parcel.state, parcel.label) == ("running", "blank")
    parcel.cancel()
    assert (parcel.state, parcel.label) == ("cancelled", "blank")


def test_a_class_knows_its_state_fields_and_what_implements_their_transitions() -> None:
    assert {name: type(field.workflow) for name, field in Parcel._workflows.items()} == {
        "state": JobWorkflow,
        "label": PrintWorkflow,
    }
    assert Parcel._xworkflows_implems["label"].transitions_at == {"cancel": "tear_off", "print_label": "print_label"}


@pytest.mark.parametrize("annotation", [Move, "Move", "machine.Move", ImplementationWrapper[[int], str]])
def test_a_class_that_declares_a_transition_which_there_is_not_is_an_error(annotation: object) -> None:
    with pytest.raises(UnknownTransition, match="Broken declares 'strat' as a Move") as caught:
        type("Broken", (WorkflowEnabled,), {"state": JobWorkflow(), "__annotations__": {"strat": annotation}})
    assert (caught.value.transition, caught.value.workflow) == ("strat", "JobWorkflow")


def test_a_class_declares_transitions_and_other_attributes_for_the_type_checker() -> None:
    class Startable:
        start: Move
        worker: "Parcel | None"

    class Declared(Startable, WorkflowEnabled):
        state = JobWorkflow()
        cancel: Move

    Declared().start()


def test_a_class_has_the_workflows_of_all_its_bases() -> None:
    class Labelled(WorkflowEnabled):
        label = PrintWorkflow()

        @transition("cancel")
        def tear_off(self) -> None: ...

    class Both(Job, Labelled):
        pass

    both = Both()
    both.print_label()
    assert (both.start(), both.state, both.label) == ("started", "running", "printed")


def test_a_subclass_inherits_the_methods_and_the_names_under_which_they_move() -> None:
    class Special(Job):
        pass

    job = Special()
    assert (job.start(), job.give_up(), job.state) == ("started", "gave up", "failed")
    assert not hasattr(Special, "fail")


def test_a_subclass_overrides_with_a_marked_method() -> None:
    class Special(Job):
        @transition()
        def start(self) -> str:
            return "started specially"

    assert Special().start() == "started specially"
    assert Job().start() == "started"


def test_a_method_on_a_mixin_that_knows_no_workflow_implements_a_transition() -> None:
    class Startable:
        @transition()
        def start(self) -> str:
            return "started by the mixin"

    class Special(Startable, WorkflowEnabled):
        state = JobWorkflow()

    assert Special().start() == "started by the mixin"


def test_super_runs_the_whole_inherited_transition_and_the_outer_one_ends_in_the_same_state() -> None:
    class Counted(Job):
        entered = 0

        @after_transition("start")
        def count(self) -> None:
            self.entered += 1

    class Special(Counted):
        @transition()
        def start(self) -> str:
            return f"{super().start()} and {self.state}"

    job = Special()
    assert job.start() == "started and running"
    assert job.state == "running"
    assert job.entered == 2


def test_a_subclass_may_bring_a_workflow_of_its_own() -> None:
    class PausingWorkflow(JobWorkflow):
        states = (("paused", "Paused"),)
        transitions = (("pause", "running", "paused"), ("start", ("queued", "paused"), "running"))

    class Pausing(Job):
        state = PausingWorkflow()

    job = Pausing()
    assert job.start() == "started"
    job.pause()
    assert job.start() == "started"
    assert not hasattr(Job, "pause")


def test_hooks_of_a_subclass_leave_its_base_alone() -> None:
    class Special(Job):
        @transition_check("start")
        def never(self) -> bool:
            return False

    assert Job().start.is_available()
    assert not Special().start.is_available()


class SteppingWrapper(ImplementationWrapper):
    def _pre_transition_checks(self) -> None:
        super()._pre_transition_checks()
        self.instance.steps.append("checks")
        if self.instance.closed:
            raise ForbiddenTransition("It is closed.")

    def _pre_transition(self, *args: object, **kwargs: object) -> None:
        self.instance.steps.append(f"before {args} {kwargs}")
        super()._pre_transition(*args, **kwargs)

    def _during_transition(self, *args: object, **kwargs: object) -> object:
        self.instance.steps.append(f"during {args} {kwargs}")
        return super()._during_transition(*args, **kwargs)

    def _post_transition(self, result: object, *args: object, **kwargs: object) -> None:
        self.instance.steps.append(f"after {result} {args} {kwargs}")
        super()._post_transition(result, *args, extra=1, **kwargs)


class SteppingWorkflow(JobWorkflow):
    implementation_class = SteppingWrapper


class Stepping(WorkflowEnabled):
    state = SteppingWorkflow()

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.closed = False

    @transition()
    def start(self, worker: str) -> str:
        return worker.upper()

    @after_transition("start")
    def late(self, result: str, *args: object, **kwargs: object) -> None:
        self.steps.append(f"late {result} {args} {kwargs}")


def test_each_of_the_four_steps_can_be_overridden() -> None:
    job = Stepping()
    assert job.start("w1") == "W1"
    assert job.steps[:4] == ["checks", "before ('w1',) {}", "during ('w1',) {}", "after W1 ('w1',) {}"]


def test_the_arguments_that_an_overridden_step_passes_on_are_those_that_the_hooks_get() -> None:
    job = Stepping()
    job.start("w1")
    assert job.steps[4] == "late W1 ('w1',) {'extra': 1}"


def test_an_overridden_check_step_also_decides_what_is_available_and_why() -> None:
    job = Stepping()
    assert job.start.is_available()
    job.closed = True
    assert not job.start.is_available()
    assert (job.start.explain().code, job.start.explain().message) == ("check", "It is closed.")
    with pytest.raises(ForbiddenTransition):
        job.start("w1")


def test_a_property_copied_for_another_class_has_no_hooks_and_takes_its_own() -> None:
    def never(instance: object) -> bool:
        return False

    copied = Job.start.copy()
    copied.add_hook(Hook("check", never))
    assert copied.transition is Job.start.transition
    assert not copied.__get__(Job()).is_available()
    assert Job().start.is_available()


def test_a_hook_added_later_runs_from_then_on() -> None:
    class Late(Job):
        pass

    assert Late().start.is_available()
    Late.start.add_hook(Hook("check", lambda _: False))
    assert not Late().start.is_available()


def test_the_attributes_of_a_class_are_those_of_its_bases_too_and_none_that_it_lacks() -> None:
    class Odd(type):
        def __dir__(cls) -> list[str]:
            return [*super().__dir__(), "imaginary"]

    class Base:
        inherited = 1

    class Derived(Base, metaclass=Odd):
        own = 2

        @property
        def computed(self) -> int:
            return 3

    found = dict(iterclass(Derived))
    assert (found["inherited"], found["own"]) == (1, 2)
    assert isinstance(found["computed"], property)
    assert "imaginary" not in found
