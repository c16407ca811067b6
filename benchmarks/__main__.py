"""Runs the benchmark named on the command line with its options, or several, or all, each in a process of its own."""

import subprocess
import sys

BENCHMARKS = ("patterns", "occurrences", "deliveries", "queues", "clock", "transitions")


def main(arguments: list[str]) -> int:
    """Run them one after the other, and return the first exit status that is not 0."""
    options = next((index for index, each in enumerate(arguments) if each.startswith("-")), len(arguments))
    names = arguments[:options] or list(BENCHMARKS)
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    if len(arguments) > options and len(names) > 1:
        print("Options are one benchmark's own: name it before them.", file=sys.stderr)
        return 2
    commands = [[sys.executable, "-m", f"benchmarks.{name}", *arguments[options:]] for name in names]
    statuses = [subprocess.run(command, check=False).returncode for command in commands]
    return next(filter(None, statuses), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
