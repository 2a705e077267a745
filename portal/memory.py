"""Python's memory in a process that serves for weeks."""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load what every request needs, then take all that is there out of the collector's sight.

    A full collection walks through the modules, models and templates of the whole portal: 0.2 s in which nobody is
    answered, every few dozen pages. They live as long as the process; what requests leave behind is still collected.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
