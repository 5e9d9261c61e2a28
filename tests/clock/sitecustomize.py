"""The clock of a portal that a test starts: it goes on from where the test set it.

Python imports this by itself in every process that has this folder on PYTHONPATH. PORTAL_CLOCK names a file; the date
the file was given is the time it was when it was given (`set_clock` in tests/browser/conftest.py).
"""

import os

import time_machine

CLOCK = os.environ["PORTAL_CLOCK"]


def time_ns() -> int:
    """Nanoseconds since 1970: what the file says, and what has really passed since."""
    told = os.stat(CLOCK)
    return told.st_mtime_ns + time_machine.escape_hatch.time.time_ns() - told.st_ctime_ns


time_machine.travel(0).start().time_ns = time_ns
