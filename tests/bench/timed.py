"""Runs one command and prints, as JSON, its wall time, CPU time, peak memory in bytes and exit code.

    timed.py COMMAND ARGUMENT...

This is a separate program because Linux counts the memory of the parent at the time of the fork into the peak of a
child. In the benchmark's process that would be hundreds of megabytes, here it is about ten. No smaller peak can be
measured. Standard library only.
"""

import json
import os
import sys
import time


def main(command):
    """Run the command with its output discarded."""
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
