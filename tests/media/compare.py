"""Compares what `tuning-ls media` reads from the clips in a folder with what ffprobe says. Called by `test`."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

work = Path(sys.argv[1])
clips = work / "clips"
server = os.environ["TUNING_LS_SERVER"]
PREFIX = "gs://clips/"
# The type of each file by its content, if it isn't the one of its extension.
TYPES = {
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".3gp": "video/3gpp", ".m4a": "audio/m4a", ".webm": "video/webm",
    ".mkv": "video/x-matroska", ".wav": "audio/wav", ".mp3": "audio/mp3", ".flac": "audio/flac", ".ogg": "audio/ogg",
    ".opus": "audio/opus", ".aac": "audio/x-aac", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp",
    ".gif": "image/gif", ".bmp": "image/bmp", ".tiff": "image/tiff", ".avi": "video/avi", ".wmv": "video/wmv",
    ".mpg": "video/mpeg", ".flv": "video/x-flv",
}
ONLY_BY_FFPROBE = {"old.avi", "old.wmv", "old.mpg", "old.flv", "stream.ts"}
failures = []


def check(right, message):
    if not right:
        failures.append(message)


def near(a, b, tolerance=0.01):
    return a is not None and abs(a - b) <= tolerance * b


def run(*arguments, path=""):
    environment = {**os.environ, "PATH": f"{path}:/usr/bin:/bin"}
    return subprocess.run([server, *arguments], cwd=work, env=environment, capture_output=True, text=True)


def media(*arguments, path=""):
    done = run("media", "train.jsonl", "-o", "media.jsonl", *arguments, path=path)
    rows = [json.loads(line) for line in (work / "media.jsonl").read_text().splitlines()]
    return {row["uri"].removeprefix(PREFIX): row for row in rows}, done


def ffprobe(file):
    answer = subprocess.run(
        [work / "bin/ffprobe", "-v", "error", "-of", "json", "-show_entries",
         "format=duration:stream=codec_type,avg_frame_rate,width,height", file],
        check=True, capture_output=True, text=True,
    )
    return json.loads(answer.stdout)


names = sorted(file.name for file in clips.iterdir())


def example(location):
    media = {"fileData": {"fileUri": location, "mimeType": "video/mp4"}}
    turns = [{"role": "user", "parts": [media, {"text": "?"}]}, {"role": "model", "parts": [{"text": "A goal."}]}]
    return json.dumps({"contents": turns})


lines = [example(PREFIX + name) for name in [*names, "missing.mp4"]] + [example("gs://elsewhere/a.mp4")]
(work / "train.jsonl").write_text("\n".join(lines) + "\n")
(work / "tuning-ls.toml").write_text(f'[[media.mirror]]\nprefix = "{PREFIX}"\nfolder = "clips"\n')

start = time.monotonic()
rows, done = media()
took = time.monotonic() - start
check(done.returncode == 1, f"the exit code is {done.returncode}: {done.stderr}")
for name in names:
    row, is_broken = rows.get(name), name.startswith("broken")
    reported = f"{PREFIX}{name}: it" in done.stderr
    check(is_broken == (row is None) == reported, f"{name}: {row}, in {done.stderr}")
    if row is None or is_broken:
        continue
    answer, suffix = ffprobe(clips / name), Path(name).suffix
    streams = answer["streams"]
    video = next((stream for stream in streams if stream["codec_type"] == "video"), None)
    sound = any(stream["codec_type"] == "audio" for stream in streams)
    mime_type = "audio/webm" if name == "sound.webm" else TYPES.get(suffix)
    check(row["bytes"] == (clips / name).stat().st_size, f"{name}: {row}")
    check(row.get("mime_type") == mime_type, f"{name}: {row}")
    if mime_type and mime_type.startswith("image/"):
        check((row["width"], row["height"]) == (130, 70), f"{name}: {row}")
    elif name in ONLY_BY_FFPROBE:
        check("duration" not in row, f"{name}: {row}")
    else:
        length = float(answer["format"]["duration"])
        check(near(row.get("duration"), length), f"{name}: {length} s by ffprobe: {row}")
        check(row.get("has_audio") == sound, f"{name}: {row}")
        if video:
            frames, seconds = map(float, video["avg_frame_rate"].split("/"))
            # Matroska files give the usual distance of two frames, not their number.
            if "variable-rate.mkv" != name:
                check(near(row.get("fps"), frames / seconds, 0.03), f"{name}: {frames / seconds} fps by ffprobe: {row}")
            check((row.get("width"), row.get("height")) == (video["width"], video["height"]), f"{name}: {row}")
check(f"{PREFIX}missing.mp4: there is no local copy" in done.stderr, done.stderr)
check("1 other location without a local copy or manifest" in done.stderr, done.stderr)

again, _ = media()
check(again == rows, "the second run, with the cache, writes something else")
probed, _ = media("--ffprobe", path=str(work / "bin"))
for name in ONLY_BY_FFPROBE:
    length = float(ffprobe(clips / name)["format"]["duration"])
    check(near(probed[name].get("duration"), length), f"{name}, with --ffprobe: {probed[name]}")
kept, _ = media()
check(kept == probed, "what ffprobe said isn't kept")

for failure in failures:
    print(f"FAILED: {failure}", file=sys.stderr)
if failures:
    sys.exit(1)
print(f"{len(rows)} of {len(names)} files read in {took:.2f} s; the others are broken, and reported")
