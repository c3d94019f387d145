"""Runs one command and prints what it took: seconds, seconds of processor time, bytes of memory at its peak.

    alone.py COMMAND ARGUMENT...

It is a program of its own because the system counts into the peak of a process what its parent had when it
was made: in the benchmark that is hundreds of megabytes, here about ten, and no peak is seen to be less. Standard
library only.
"""

import json
import os
import sys
import time


def main(command):
    """The output of the command is thrown away."""
    nothing = os.open(os.devnull, os.O_RDWR)
    onto = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (0, 1, 2)]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=onto)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime,
                      "peak": usage.ru_maxrss * 1024, "exit": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main(sys.argv[1:])
