"""The benchmark data: gen.py writes it to target/bench, and later runs use it again.

After a change to the generator, delete the folder. Standard library only.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "target" / "bench"

# Faults with one finding each, from every family with rules about a single line.
FAULTS = "trailing-comma,bad-role,unknown-field,bad-uri,no-mime-type,text-not-string,reversed-offsets"

# The arguments of the generator for each file.
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
    # The lines to paste: different from those above, and a few of them with a fault.
    "paste": ["--lines", "10000", "--seed", "2", "--bad-rate", "0.002", "--faults", "trailing-comma"],
}


def path(name):
    """The path of a file; generates it if it does not exist."""
    wanted = FOLDER / (name + ".jsonl")
    if not wanted.exists():
        print("==> generating %s" % wanted.relative_to(ROOT), file=sys.stderr, flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        # An interrupted run must not leave a partial file with the final name.
        part = wanted.with_suffix(".part")
        subprocess.run([sys.executable, str(HERE / "gen.py"), *FILES[name], "--out", str(part)], check=True)
        part.rename(wanted)
    return wanted
