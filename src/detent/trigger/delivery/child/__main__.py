"""What the process for actions with a time limit executes: `python -m detent.trigger.delivery.child DESCRIPTOR`."""

import sys
from multiprocessing.connection import Connection

import django


def main(descriptor: int) -> None:
    """Serve the parent at the other end of a pipe.

    Args:
        descriptor: The file descriptor of this end.
    """
    django.setup()
    # Models can be imported when the apps are loaded, and no sooner.
    from detent.trigger.delivery.child.serving import serve

    serve(Connection(descriptor))


if __name__ == "__main__":
    main(int(sys.argv[1]))
