"""Starts one command from a small process, and writes down what it took.

    python -I -S launcher.py DESCRIPTOR COMMAND...

What a process has in memory when it starts another one counts as that one's peak too, so whoever
starts them must be smaller than all of them.
"""

import os
import sys
import time


def main(descriptor: int, command: list[str]) -> None:
    """Write wall seconds, CPU seconds, peak in KiB and exit code to a descriptor."""
    start = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    cpu, code = usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)
    os.write(descriptor, f"{wall} {cpu} {usage.ru_maxrss} {code}".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
