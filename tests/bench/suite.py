#!/usr/bin/env python3
"""Measures the language server, from a client's side, and the command line against their gates.

    tests/bench/run
    tests/bench/run --quick --only open,keystroke
    tests/bench/run --server target/dist/tuning-ls --json figures.json
    tests/bench/run --server "$(tests/bench/released | tail -1)"

It builds the server, the floor (floor.rs, a server that only parses messages) and a checker with typed structs
(typed.rs), generates missing data in target/bench, and prints one table. `check` is compared with `wc -l` and with that
checker. A gate is the limit of a figure. The stretch goal is the best value that seemed possible when the gate was set.
With few repetitions, the p99 is the slowest one.

Every answer is compared with the text. The exit code is 1 if an answer was wrong, if something could not be measured,
or (without --report-only) if a gate was missed. Linux only. Standard library only.
"""

import argparse
import datetime
import gc
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import asking
import checking
import data
import editing
import opening
from client import ServerDied, Timeout
from figures import table
from session import Plan

GROUPS = {
    "start": opening.start,
    "open": opening.open_file,
    "memory": opening.memory,
    "keystroke": editing.keystroke,
    "paste": editing.paste,
    "replace": editing.replace,
    "requests": asking.requests,
    "burst": editing.burst,
    "cycles": opening.cycles,
    "check": checking.check,
    "size": checking.size,
}


def built(arguments, name):
    """Build a program in the profile of packages, `dist`; return its path."""
    print("==> building %s (cargo build --profile dist)" % Path(name).name, file=sys.stderr, flush=True)
    command = ["cargo", "build", "--profile", "dist", "--locked", *arguments]
    subprocess.run(command, cwd=data.ROOT, check=True, stdout=sys.stderr)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or "target")
    return str(data.ROOT / target / "dist" / name)


def existing(path):
    """The path of an existing program."""
    if not os.access(path, os.X_OK):
        raise argparse.ArgumentTypeError("%s is not a program" % path)
    return str(Path(path).resolve())


def names(text):
    """Parse group names separated by commas."""
    wanted = text.split(",")
    unknown = [name for name in wanted if name not in GROUPS]
    if unknown:
        raise argparse.ArgumentTypeError("unknown group: %s; the groups are %s" % (", ".join(unknown), ", ".join(GROUPS)))
    return wanted


def circumstances(plan):
    """The circumstances that the figures depend on."""
    processor = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    git = lambda *arguments: subprocess.run(
        ["git", *arguments], cwd=data.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return {
        "machine": "%s, %d cores" % (processor.group(1) if processor else platform.machine(), os.cpu_count()),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": (git("rev-parse", "--short", "HEAD") or "unknown") + changed,
        "server": plan.binary,
        "load": "%.2f before" % os.getloadavg()[0],
    }


def parse_args(argv):
    """Parse the options."""
    parser = argparse.ArgumentParser(
        prog="tests/bench/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--only", type=names, default=list(GROUPS), metavar="NAME,…", help="only these groups: " + ", ".join(GROUPS))
    add("--quick", action="store_true", help="few repetitions, and no 1 GB file")
    add("--runs", type=int, default=7, metavar="N", help="how often to open or check a file (default %(default)s)")
    add("--server", type=existing, metavar="PATH", help="measure this program instead of building the server")
    add("--floor", type=existing, metavar="PATH", help="use this program instead of building the floor")
    add("--typed", type=existing, metavar="PATH", help="use this program instead of building the one with typed structs")
    add("--json", metavar="FILE", help="also write the figures to this file")
    add("--report-only", action="store_true", help="a missed gate does not fail the run")
    args = parser.parse_args(argv)
    if args.runs < 1:
        parser.error("--runs must be at least 1")
    return args


def measure(plan, wanted):
    """Measure the groups; return their rows and the problems."""
    rows, problems = [], []
    for name in wanted:
        print("==> measuring: %s" % name, file=sys.stderr, flush=True)
        try:
            rows += GROUPS[name](plan)
        except Timeout:
            problems.append("%s: a response did not arrive in time" % name)
        except (ServerDied, OSError, subprocess.CalledProcessError, SystemExit) as error:
            problems.append("%s: %s" % (name, error))
    problems += ["%s: %d answers disagree with the text" % (row.what, row.wrong) for row in rows if row.wrong]
    return rows, problems


def main(argv=None):
    """Measure and print; return the exit code."""
    args = parse_args(argv)
    server = args.server or built(["--bin", "tuning-ls"], "tuning-ls")
    floor = args.floor or built(["--example", "floor"], "examples/floor")
    typed = args.typed or built(["--example", "typed"], "examples/typed")
    plan = Plan(server, floor, typed, args.quick, args.runs)
    # A garbage collection in the client would distort the figures.
    gc.disable()
    about = circumstances(plan)
    rows, problems = measure(plan, args.only)
    # A load far above that of the client and one measured process means that other programs distort the figures.
    about["load"] += ", %.2f after" % os.getloadavg()[0]
    missed = [row for row in rows if row.verdict == "missed"]
    for name, text in about.items():
        print("%-8s %s" % (name + ":", text))
    print("Medians%s. Other programs on the machine can affect them.\n" % (" of few repetitions" if args.quick else ""))
    print(table(rows))
    print()
    for problem in problems:
        print("WRONG    " + problem)
    print("%d of %d gates missed" % (len(missed), sum(bool(row.verdict) for row in rows)))
    if args.json:
        result = dict(about, quick=args.quick, rows=[row.as_json() for row in rows], problems=problems)
        Path(args.json).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if problems or (missed and not args.report_only) else 0


if __name__ == "__main__":
    sys.exit(main())
