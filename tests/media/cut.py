"""Cuts the clips in a folder with the script of `tuning-ls cut-list`, and checks the cut files. Called by `test`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

work = Path(sys.argv[1]) / "cutting"
source, programs = Path(sys.argv[1]) / "clips", Path(sys.argv[1]) / "bin"
server = os.environ["TUNING_LS_SERVER"]
environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
# The length of all clips.
LENGTH = 7.4
# Each clip by its own name, or by one that a shell or FFmpeg would read as something else.
CLIPS = {
    "moov-last.mp4": ("video/mp4", "it's $(touch pwned).mp4"),
    "moov-first.mp4": ("video/mp4", "-i a:b\n%03d.mp4"),
    "silent.mp4": ("video/mp4", "silent.mp4"),
    "variable-rate.mp4": ("video/mp4", "variable-rate.mp4"),
    "many-frames.mp4": ("video/mp4", "many-frames.mp4"),
    "hevc.mp4": ("video/mp4", "hevc.mp4"),
    "mpeg4.mov": ("video/quicktime", "mpeg4.mov"),
    "phone.3gp": ("video/3gpp", "phone.3gp"),
    "vp9.webm": ("video/webm", "vp9.webm"),
    "old.avi": ("video/avi", "old.avi"),
    "old.mpg": ("video/mpeg", "old.mpg"),
    "old.wmv": ("video/wmv", "old.wmv"),
}
SEGMENTS = [(1.25, 3.5), (0, 2), (5.04, 6), (4, None)]
failures = []


def check(right, message):
    if not right:
        failures.append(message)


def run(*arguments):
    return subprocess.run(arguments, cwd=work, env=environment, capture_output=True, text=True)


def example(location, mime_type, start, end):
    offsets = {"startOffset": f"{start}s", **({"endOffset": f"{end}s"} if end else {})}
    media = {"fileData": {"fileUri": location, "mimeType": mime_type}, "videoMetadata": offsets}
    turns = [{"role": "user", "parts": [media, {"text": "?"}]}, {"role": "model", "parts": [{"text": "At 0:00."}]}]
    return json.dumps({"contents": turns})


def length(file):
    answer = run(
        programs / "ffprobe", "-v", "error", "-of", "json", "-show_entries", "format=duration:stream=codec_type", file
    )
    answer = json.loads(answer.stdout)
    return float(answer["format"]["duration"]), {stream["codec_type"] for stream in answer["streams"]}


(work / "originals").mkdir(parents=True)
pieces = []
for clip, (mime_type, name) in CLIPS.items():
    shutil.copy(source / clip, work / "originals" / name)
    pieces += [(clip, f"gs://originals/{name}", mime_type, *segment) for segment in SEGMENTS]
(work / "train.jsonl").write_text("".join(example(*piece[1:]) + "\n" for piece in pieces))
(work / "tuning-ls.toml").write_text(
    '[[media.mirror]]\nprefix = "gs://originals/"\nfolder = "originals"\n'
)

done = run(server, "cut-list", "train.jsonl", "-o", "cut.sh", "--rewritten", "cut", "--prefix", "gs://clips", "--times", "keep")
check((done.returncode, done.stderr) == (0, ""), f"cut-list: {done.returncode}: {done.stderr}")
done = run("sh", "cut.sh")
check(done.returncode == 0, f"the script: {done.stderr}")
check(not (work / "pwned").exists(), "the script runs a name")
lines = (work / "cut/train.jsonl").read_text().splitlines()
check(len(lines) == len(pieces), f"{len(lines)} lines")
for line, (clip, _, mime_type, start, end) in zip(lines, pieces):
    part = json.loads(line)["contents"][0]["parts"][0]
    name = part["fileData"]["fileUri"].removeprefix("gs://clips/")
    expected = (end or LENGTH) - start
    check("videoMetadata" not in part, line)
    found, streams = length(work / "clips" / name)
    # Without an end, the length of the original itself isn't exact.
    tolerance = 0.1 if end else 0.25
    if clip == "old.wmv":
        # Its sound comes in packets of up to 0.1 s, which count as a whole.
        tolerance += 0.1
    check(abs(found - expected) <= tolerance, f"{clip} from {start} to {end}: {found} s, expected {expected}")
    check(streams == length(source / clip)[1], f"{clip}: {streams}")
check(len(list((work / "clips").iterdir())) == len(pieces), "the number of clips")
again = run("sh", "cut.sh")
check((again.returncode, again.stdout.count("exists: ")) == (0, len(pieces)), f"a second run: {again.stdout}")

(work / "tuning-ls.toml").write_text('[[media.mirror]]\nprefix = "gs://clips/"\nfolder = "clips"\n')
checked = run(server, "check", "cut/train.jsonl", "--select", "media,segment,timestamp-outside-segment")
check(checked.returncode == 0 and "[" not in checked.stdout, f"check: {checked.stdout}{checked.stderr}")

for failure in failures:
    print(f"FAILED: {failure}", file=sys.stderr)
if failures:
    sys.exit(1)
print(f"{len(pieces)} segments of {len(CLIPS)} files cut")
