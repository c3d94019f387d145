"""The files that are measured with: made by gen.py in target/bench, and kept there.

A file that is there is taken as it is; delete the folder after a change to the generator. Standard
library only.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "target" / "bench"

# Faults of one finding each, of every family that finds something in a single line.
FAULTS = "trailing-comma,bad-role,unknown-field,bad-uri,no-mime-type,text-not-string,reversed-offsets"

# The arguments of the generator, by the name of the file.
FILES = {
    "1mb": ["--lines", "1000"],
    "5mb": ["--lines", "5000"],
    "50mb": ["--lines", "50000"],
    "1gb": ["--lines", "1000000"],
    # About 1,000 findings.
    "findings": ["--lines", "50000", "--bad-rate", "0.02", "--faults", FAULTS],
    # Long lines among ordinary ones.
    "line-1mb": ["--lines", "1000", "--long-line", "1000000"],
    "line-10mb": ["--lines", "1000", "--long-line", "10000000"],
    # What is pasted: other lines than those above, a few of them with a fault.
    "paste": ["--lines", "10000", "--seed", "2", "--bad-rate", "0.002", "--faults", "trailing-comma"],
}


def path(name):
    """A file of the above, which is made if it is not there."""
    wanted = FOLDER / (name + ".jsonl")
    if not wanted.exists():
        print("making %s" % wanted.relative_to(ROOT), file=sys.stderr, flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        # It gets its name when it is complete.
        part = wanted.with_suffix(".part")
        subprocess.run([sys.executable, str(HERE / "gen.py"), *FILES[name], "--out", str(part)], check=True)
        part.rename(wanted)
    return wanted
