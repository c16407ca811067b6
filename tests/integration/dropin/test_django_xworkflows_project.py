"""A project made with xworkflows and django-xworkflows runs on Detent unchanged, on the database it left."""

import json

# Runs in the project; prints what it saw as the last line.
MOVES = """
import json
from django.contrib.auth.models import User
from django_xworkflows.xworkflow_log.models import TransitionLog
from shop.models import Order, Refund

before = list(TransitionLog.objects.order_by("pk").values_list("transition", "from_state", "to_state", "object_key"))
order = Order.objects.get(reference="R001")
ada = User.objects.get(username="ada")
paid = order.pay(4, user=ada)
refused = order.ship.is_available()
order.paid_amount = 10
order.ship(user=ada, log=True, save=True)
order.queue_label()
cancelled = Order.objects.get(reference="R002")
cancelled.cancel(log=False)
draft = Order.objects.get(reference="R008")
draft.place(save=False)
refund = Refund.objects.get(pk=1)
refund.reopen(reason="changed their mind")
print(json.dumps({
    "old": len(before), "old_keys": sorted({key == "" for *_, key in before}), "first": before[0],
    "paid": paid, "could_ship": refused, "order": [str(order.state), str(order.state.title), order.get_state_display()],
    "stored": list(Order.objects.values_list("state", "label", "paid_amount").get(pk=order.pk)),
    "logs": [[log.transition, log.state_field, getattr(log.user, "username", None)] for log in order.transition_logs],
    "related": TransitionLog.objects.filter(pk=1).get().modified_object.reference,
    "notes": [cancelled.notes, Order.objects.get(pk=cancelled.pk).notes, cancelled.transition_logs.count()],
    "unsaved": [str(draft.state), str(Order.objects.get(pk=draft.pk).state)],
    "refund": [refund.refundlog.reason, refund.refundlog.from_state, refund.refundlog.to_state],
}))
"""


def test_orders_move_on_and_old_logs_read_and_relate(project):
    project.manage("migrate")
    seen = json.loads(project.manage("shell", "--no-imports", "-c", MOVES).splitlines()[-1])
    assert (seen["old"], seen["old_keys"], seen["first"]) == (40, [False], ["cancel", "draft", "cancelled", "1"])
    assert (seen["paid"], seen["could_ship"], seen["order"]) == (4, False, ["shipped", "Shipped", "Shipped"])
    assert seen["stored"] == ["shipped", "queued", 10]
    assert seen["logs"] == [["ship", "state", "ada"], ["pay", "state", "ada"], ["place", "", None]]
    assert seen["related"] == "R000"
    assert seen["notes"] == ["cancelling;cancelled;", "cancelling;", 1]
    assert seen["unsaved"] == ["placed", "draft"]
    assert seen["refund"] == ["changed their mind", "granted", "asked"]
