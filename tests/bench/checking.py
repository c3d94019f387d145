"""The command line on whole files, compared with a program that only counts lines and one that decodes them into typed
structs; and the size of the binary.

Standard library only.
"""

import json
import os
import subprocess
import sys

import data
from figures import MEDIAN, RATIO, Gate, Row

MIB = 2**20
THREADS = {2: "two threads", 1: "one thread"}
# Seconds for 1 GB.
GATES = {2: [Gate(MEDIAN, 1.0, 0.5)], 1: [Gate(MEDIAN, 1.7, 0.8)]}
# On the machine where these gates were set, typed structs took this many seconds. The ratio holds on any machine.
TYPED = {2: 0.84, 1: 1.68}
TYPED_GATES = {threads: [Gate(RATIO, gate.most / TYPED[threads], gate.stretch / TYPED[threads]) for gate in gates]
               for threads, gates in GATES.items()}


def run(command, threads=None):
    """Run a command once; return its measurements."""
    environment = dict(os.environ, **({"RAYON_NUM_THREADS": str(threads)} if threads else {}))
    timed = [sys.executable, "-I", "-S", str(data.HERE / "timed.py"), *command]
    took = json.loads(subprocess.run(timed, env=environment, stdout=subprocess.PIPE, check=True).stdout)
    if took["exit"] not in (0, 1):  # 1 means findings
        raise subprocess.CalledProcessError(took["exit"], command)
    return took


def check(plan):
    """Check whole files on two threads and on one."""
    rows = []
    for name, lines in (("1mb", 1_000), ("50mb", 50_000)) + (() if plan.quick else (("1gb", 1_000_000),)):
        path, shown = str(data.path(name)), name[:-2] + " " + name[-2:].upper()
        command = [plan.binary, "check", "--quiet", "--no-config", path]
        count = ["wc", "-l", path]
        run(count)  # now the file is in the page cache
        checked, decoded, counted = {threads: [] for threads in THREADS}, {threads: [] for threads in THREADS}, []
        for _ in range(plan.times(plan.runs, 3)):
            # Alternate, so that a slow moment of the machine affects all of them.
            for threads in THREADS:
                checked[threads].append(run(command, threads))
                decoded[threads].append(run([plan.typed, path], threads))
                counted.append(run(count))
        unit, factor = ("s", 1) if name == "1gb" else ("ms", 1000)
        memory = [Gate(MEDIAN, 32 + 64 * lines / MIB)]
        for threads, took in checked.items():
            of = lambda figure, times, runs=took: [one[figure] * times for one in runs]
            title = "check %s, %s" % (shown, THREADS[threads])
            floor = [[one[figure] * factor for one in counted] for figure in ("seconds", "processor")]
            gates, typed_gates = (GATES[threads], TYPED_GATES[threads]) if name == "1gb" else ([], [])
            typed = [one["seconds"] * factor for one in decoded[threads]]
            rows += [Row(title, unit, of("seconds", factor), floor[0], gates),
                     Row(title + ": compared with typed structs", unit, of("seconds", factor), typed, typed_gates),
                     Row(title + ": processor time", unit, of("processor", factor), floor[1]),
                     Row(title + ": peak memory", "MiB", of("peak", 1 / MIB), gates=memory)]
    return rows


def size(plan):
    """The size of the binary."""
    return [Row("size of the binary", "MiB", [os.path.getsize(plan.binary) / MIB])]
