"""Checks a JSON Lines file with ``check_file`` of Together's Python package: check_together.py FILE.

``check_file`` reads a file and stops at its first error. So this script writes each line into a file of its own, in
memory, and checks that. It prints a line ``NUMBER<tab>MESSAGE`` for each line with a fault.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ["TOGETHER_DISABLE_TQDM"] = "true"  # version 2 shows a progress bar otherwise

from together.lib.utils import check_file  # noqa: E402


def fault(path):
    """The message about the file with one line, or None."""
    report = check_file(path)
    # Version 3 skips a blank line. The file then has too few examples, but only because it is a file of its own.
    if report["is_check_passed"] or report["has_min_samples"] is False:
        return None
    return report["message"]


def main():
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder, open(sys.argv[1], "rb") as file:
        path = Path(folder) / "line.jsonl"
        for number, line in enumerate(file, 1):
            path.write_bytes(line)
            message = fault(path)
            if message is not None:
                print("%d\t%s" % (number, " ".join(message.split())[:200]))


if __name__ == "__main__":
    main()
