"""The measurements of tests/bench/peers/run: sessions with language servers, and checks of a whole file.

lsp_latency.py measures a server in several separate sessions. A figure is the median of the sessions.

A check is timed from the start to the end of its process; the figure is the shortest of five runs, because everything else
that the machine does only makes a run longer. Its memory is the peak resident memory from the kernel, read
every few milliseconds while the process runs. (The value for an ended process would include the process that started
it.)

What counts as found: gen.py lists the lines with a fault. A line is reported if a checker prints something for it. For
tuning-ls, only errors and warnings count, and no findings about the whole file, such as the share of examples that
would be dropped. A fault is found if its line is reported, and not in the same way as the same line without the fault:
some checkers report valid lines, too. The message does not matter otherwise. A false alarm is a reported line without a
fault.
"""

import collections
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parents[1]

# Findings about the whole file, which are reported on its first line.
WHOLE_FILE = {"drop-rate", "too-few-examples", "too-many-examples", "file-too-large", "label-balance", "findings-capped"}
COUNTED = {"error", "warning"}

CHECK_RUNS = 5
LONG_CHECK = 30.0  # seconds; a longer check is not repeated


def generate(*arguments):
    subprocess.run([sys.executable, str(BENCH / "gen.py"), *map(str, arguments)], check=True)


# --------------------------------------------------------------------------
# Language servers
# --------------------------------------------------------------------------


def sessions(server, count, folder, environment):
    """The results of lsp_latency.py, one per session."""
    results = folder / "sessions.json"
    results.unlink(missing_ok=True)
    command = [
        sys.executable, str(BENCH / "lsp_latency.py"), "--json", str(results),
        "--file", str(server["file"]), "--language-id", server["language"], "--diagnostics", server["diagnostics"],
        "--edits", str(server["edits"]), "--typed", str(server["typed"]), "--requests", "0", "--timeout", "300",
    ]
    if "settings" in server:
        command += ["--settings", "@%s" % server["settings"]]
    for _ in range(count):
        subprocess.run(command + ["--"] + server["command"], stdout=subprocess.DEVNULL, env=environment, check=False)
    if not results.exists():
        raise SystemExit("lsp_latency.py could not measure %s" % server["name"])
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]


def session_figures(results):
    """The medians of the sessions, in seconds and bytes; None if a figure is missing."""
    def median(*keys):
        values = []
        for value in results:
            for key in keys:
                value = value.get(key) if value is not None else None
            if value is not None:
                values.append(value)
        return statistics.median(values) if values else None

    failures = [result["failed"] for result in results if "failed" in result]
    for result in results:
        usages = [usage for key, usage in result.items() if key.startswith("memory_")]
        result["peak"] = max((usage["peak"] for usage in usages), default=None)
        # An empty list can be right, if an object has all its fields. A server that never fills one has no completion.
        if result.get("typed") and not result["typed"].get("filled"):
            result["typed"] = None
    return {
        "start": median("start", "p50"), "open": median("open_settled"),
        "edit_p50": median("edit_all", "p50"), "edit_p99": median("edit_all", "p99"),
        "edits": median("edit_all", "n"), "wrong": sum(result.get("edit_wrong", 0) for result in results),
        "completion": median("typed", "p50"), "memory": median("memory_open", "rss"), "peak": median("peak"),
        "failed": failures[0] if failures else None,
    }


# --------------------------------------------------------------------------
# Checks of a whole file
# --------------------------------------------------------------------------


def check(checker, files, folder):
    """The shortest time, the peak memory, and the found faults of the file ``faulty``.

    The file ``lines`` has the same lines without faults, and ``manifest`` lists the faults.
    """
    seconds, peaks = [], []
    output = folder / "findings.txt"
    checked(checker, files["lines"], output)
    without_faults, _ = checker["read"](output)
    while len(seconds) < CHECK_RUNS and max(seconds, default=0) < LONG_CHECK:
        took, peak = checked(checker, files["faulty"], output)
        seconds.append(took)
        peaks.append(peak)
    reported, mentioned = checker["read"](output)
    faults = read_faults(files["manifest"])
    found = {line for line in reported.keys() & faults.keys() if reported[line] != without_faults.get(line)}
    missed = collections.Counter(name for line, name in faults.items() if line not in found)
    return {
        "seconds": min(seconds), "peak": max(peaks), "runs": len(seconds), "faults": len(faults),
        "found": len(found), "false_alarms": len(reported.keys() - faults.keys()),
        "kinds": dict(collections.Counter(faults.values())), "missed": dict(missed.most_common()),
        "only_mentioned": sorted({name for line, name in faults.items() if line in mentioned - reported.keys()}),
    }


def checked(checker, file, output):
    """Run a checker on a file: (seconds, peak memory in bytes)."""
    took, peak, code = timed(checker["command"] + [str(file)], output, checker.get("environment"))
    if code not in checker["exit_codes"]:
        raise SystemExit("%s ended with %s" % (checker["name"], code))
    return took, peak


def timed(command, output, environment):
    """Run a command with its output in a file: (seconds, peak of resident memory in bytes, exit code)."""
    with open(output, "wb") as stream:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=stream, env=dict(os.environ, **(environment or {})))
        peak, ended = [0], threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, peak, ended))
        watcher.start()
        code = process.wait()
        took = time.perf_counter() - began
        ended.set()
        watcher.join()
    return took, peak[0], code


def watch(pid, peak, ended):
    while not ended.wait(0.003):
        try:
            status = Path("/proc/%d/status" % pid).read_text()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                peak[0] = max(peak[0], int(line.split()[1]) * 1024)


def read_faults(manifest):
    """The faults in the manifest of gen.py: line -> name."""
    pairs = (line.split("\t") for line in manifest.read_text(encoding="utf-8").splitlines())
    return {int(line): name for line, name in pairs}


def read_findings(output):
    """The lines that tuning-ls reports, with their findings; and the lines with milder findings."""
    reported, mentioned = collections.defaultdict(list), set()
    with open(output, encoding="utf-8") as stream:
        for finding in map(json.loads, stream):
            line = finding["start"]["line"]
            if finding["code"] in WHOLE_FILE:
                continue
            if finding["severity"] in COUNTED:
                reported[line].append((finding["code"], finding["message"]))
            else:
                mentioned.add(line)
    return dict(reported), mentioned


def read_messages(output):
    """The lines that a peer reports, with their messages. Peers have no milder findings."""
    with open(output, encoding="utf-8") as stream:
        pairs = (line.split("\t", 1) for line in stream)
        return {int(number): message for number, message in pairs}, set()
