"""One contestant as a process: `python contestants MODULE FUNCTION OPTIONS`, with the options as JSON.

It writes one line when it is ready, or when it cannot take part. Then it answers each number of operations that it
reads with what they came to: nanoseconds or bytes. It ends with its input.
"""

import gc
import json
import os
import platform
import sys
import time
from importlib import import_module
from importlib.metadata import version

import shop
import timing
from timing import Run


def main() -> None:
    """Get ready, say so, and answer."""
    # What a package prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    module, function, options = sys.argv[1:]
    run: Run | None = None
    try:
        run = prepare(module, function, json.loads(options))
        ready = {"versions": versions(json.loads(options)["packages"])}
    except NotImplementedError as reason:
        ready = {"failed": str(reason)}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason that the table gives
        ready = {"failed": f"{type(error).__name__}: {error}"}
    print(json.dumps(ready), file=answers)
    for line in sys.stdin if run else ():
        print(run(int(line)), file=answers)


def prepare(module: str, function: str, options: dict) -> Run:
    """Import the contestant with Django set up, if it needs it, and let it build what it measures."""
    if options["database"]:
        shop.configure(options["apps"], options["database"])
    timing.now = getattr(time, options["clock"])
    run = getattr(import_module(module), function)(**options["arguments"])
    # What stands by now stays: the collector need not walk through it while the clock runs.
    gc.collect()
    gc.freeze()
    return run


def versions(packages: list[str]) -> dict[str, str]:
    """Return what is installed here."""
    return {"Python": platform.python_version(), **{package: version(package) for package in packages}}


if __name__ == "__main__":
    main()
