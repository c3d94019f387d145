"""Compares what `tuning-ls media --remote` gets from a server on this machine with what it reads from the clips in a folder.
Called by `test`, after `compare.py`."""

import collections
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

work = Path(sys.argv[1])
clips = work / "clips"
server = os.environ["TUNING_LS_SERVER"]
COPIES = "gs://clips/"
# The length of this one needs the whole file.
WITHOUT_LENGTH = {"sound.aac"}
requests, sent = collections.Counter(), collections.Counter()
failures = []


class Handler(http.server.BaseHTTPRequestHandler):
    """Sends the part of a file that is asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.removeprefix("/")
        requests[name] += 1
        data = (clips / name).read_bytes() if (clips / name).is_file() else None
        first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
        if data is None or first >= len(data):
            self.send_response(404 if data is None else 416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        part = data[first:last + 1]
        sent[name] += len(part)
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(data)}")
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *_):
        pass


def check(right, message):
    if not right:
        failures.append(message)


def media(*arguments):
    # The usual cache has what ffprobe said.
    environment = {**os.environ, "XDG_CACHE_HOME": str(work / "other-cache")}
    command = [server, "media", "train.jsonl", "-o", "media.jsonl", *arguments]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True)
    rows = [json.loads(line) for line in (work / "media.jsonl").read_text().splitlines()]
    return {row.pop("uri").rsplit("/", 1)[1]: row for row in rows}, done


copies, _ = media()
listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=listener.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{listener.server_port}/"
train = work / "train.jsonl"
train.write_text(train.read_text().replace(COPIES, url))
(work / "tuning-ls.toml").unlink()
start = time.monotonic()
rows, done = media("--remote")
took = time.monotonic() - start

names = sorted(file.name for file in clips.iterdir())
for name in names:
    check(1 <= requests[name] <= 3, f"{name}: {requests[name]} requests")
    row, copy = rows.get(name), copies.get(name)
    if name in WITHOUT_LENGTH and row and "duration" not in row:
        row, copy = row["bytes"], copy["bytes"]
    check(row == copy, f"{name}: {row} from the server, {copy} from the copy, in {done.stderr}")
    reported = f"{url}{name}: it" in done.stderr
    check(reported == name.startswith("broken"), f"{name}: {done.stderr}")
check(f"{url}missing.mp4: it does not exist" in done.stderr, done.stderr)

for failure in failures:
    print(f"FAILED: {failure}", file=sys.stderr)
if failures:
    sys.exit(1)
size = sum((clips / name).stat().st_size for name in names)
print(f"{len(names)} files in {sum(requests.values())} requests and {took:.2f} s; {sum(sent.values())} of {size} bytes sent")
