"""A process that races for orders: it loads the one it is told, and places it when it is told to go."""

import sys

import django


def main() -> None:
    """Load each order whose key is on standard input, say so, and after one more line say whether it was placed."""
    django.setup()
    from detent.workflow import ConcurrentTransition
    from tests.shop.models import Order

    for line in sys.stdin:
        order = Order.objects.get(pk=int(line))
        print("loaded")
        sys.stdin.readline()
        try:
            order.place()
        except ConcurrentTransition:
            print("concurrent")
        else:
            print("placed")


if __name__ == "__main__":
    main()
