"""A process that leaves no picture of its memory behind, where what she said would be on a disk."""

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def leave_no_core() -> None:
    """Sees to it that neither this process nor a fork of it is ever dumped; OSError if it may be.

    The limit keeps files from being written. It does not count where the kernel hands dumps to a
    program, as many systems have it: there, on Linux, it counts that the process is not dumpable.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "this process may be dumped")
