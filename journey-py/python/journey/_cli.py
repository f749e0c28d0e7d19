"""The script `journey`, which is the program of that name."""

from __future__ import annotations

import signal
import sys

from ._journey import _command

__all__ = ["main"]


def main() -> int:
    """Runs the command line; returns the exit code."""
    # Ctrl-C ends it as it ends other programs, without waiting for Python to look.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _command(sys.argv)
