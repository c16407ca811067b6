"""Objects of a model on all ways through their workflow."""

from decimal import Decimal

import pytest
from django.test import TestCase

from detent.machine.analysis import edges
from detent.testing import WalkFailed, follow, paths, walk
from tests.shop.models.order import Order, OrderWorkflow

ENOUGH = {"pay": {"amount": Decimal(50), "reference": "ch_1"}}


def make_order() -> Order:
    return Order.objects.create(customer="C7", total=Decimal(40))


class WalkInATestCaseThatRollsBack(TestCase):
    def test_every_edge_is_taken_and_each_object_is_saved_where_its_path_ends(self) -> None:
        done = walk(make_order, arguments=ENOUGH)
        assert set(done.taken) == set(edges(OrderWorkflow))
        assert set(Order.objects.values_list("state", flat=True)) == {"shipped", "cancelled"}
        assert Order.objects.count() == done.objects

    def test_a_refusal_is_reported_with_its_check(self) -> None:
        with pytest.raises(WalkFailed, match=r"pay--> paid .*\(check covers_the_total\): The amount does not cover"):
            walk(make_order, arguments={"pay": {"amount": Decimal(5)}})


@pytest.mark.django_db
@pytest.mark.parametrize("path", paths(OrderWorkflow), ids=str)
def test_an_order_can_go(path) -> None:
    order = make_order()
    follow(path, order, arguments=ENOUGH)
    order.refresh_from_db()
    assert order.state == path.end
