"""The context of a call: what the log keeps of it, and what no log could keep."""

import pytest

from detent.workflow import UnusableContext
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("write_path")]

UNUSABLE = [
    ({"file": b"x"}, "not JSON serializable"),
    ({"rate": float("nan")}, "not JSON compliant"),
    ({("a", "b"): 1}, "keys must be"),
    ({"text": "a\0b"}, "NUL"),
    ({"text": "\ud800"}, "surrogate"),
    ("by telephone", "of type str; give a dict"),
]


@pytest.mark.parametrize(("context", "fault"), UNUSABLE)
def test_a_context_that_no_log_could_keep_is_refused_and_nothing_is_moved(make_order, context, fault):
    order = make_order()
    with pytest.raises(UnusableContext, match=fault) as refused:
        order.place.options(context=context)()
    assert (refused.value.transition, refused.value.instance, refused.value.context) == ("place", order, context)
    with pytest.raises(UnusableContext, match=fault):
        Order.objects.transition("place", context=context)
    assert (order.state, Order.objects.get().state, TransitionLog.objects.count()) == ("draft", "draft", 0)


def test_a_context_may_speak_of_nul_as_json_does(make_order):
    order = make_order()
    order.place.options(context={"text": r"a\u0000b"})()
    assert order.transition_logs.get().context == {"text": r"a\u0000b"}
