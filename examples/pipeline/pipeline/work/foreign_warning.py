"""Warnings about somebody else's file: what a parser or decoder thinks of it is no news of this program."""

import re
import warnings


def ignore_warnings_of(module: re.Pattern[str]) -> None:
    """Ignore what is warned of in the modules whose name matches, in this process and for good.

    A filter, added where it is missing, and not `warnings.catch_warnings`: that replaces all filters of the
    process for a while, and jobs run in threads.
    """
    if all(known != module for _, _, _, known, _ in warnings.filters):
        warnings.filterwarnings("ignore", module=module.pattern)
