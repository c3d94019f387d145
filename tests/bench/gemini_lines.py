"""Gemini video-tuning examples for gen.py, and their faults.

Each line is one supervised fine-tuning example in the shape that the Gemini video-tuning guide documents: a user turn
with a ``fileData`` part (plus, for some, ``videoMetadata`` offsets), a text prompt, a model answer, and
``generationConfig.mediaResolution``.
"""

import json
import random

from texts import LANGUAGES, Lines, editing, encode_inner, json_faults, replacing, weighted

INSTRUCTIONS = (
    " You are a video analysis expert. Detect which animal appears in the video. The video "
    "can only have one of the following animals: dog, cat, rabbit.\n Output Format:\n "
    'Generate output in the following JSON format:\n [{\n "animal_name": "<CATEGORY>",\n }]\n',
    "Summarize the video in three sentences. Mention the main actor and the place.\n",
    "List every key event as `MM:SS - description`, one per line.\n",
    "You are a sports commentator.\n\tDescribe each shot; say who has the ball.\n",
    'Answer with JSON: {"violates_policy": true|false, "reason": "..."}\n',
    "Write closed captions in SRT format. Include non-speech sounds in [brackets].\n",
)
SYSTEM_TEXT = "You are a careful video annotator. Never invent events that are not visible."
BUCKETS = ("acme-tuning-data", "video-sft-prod", "sports-clips-eu", "media-lab-training")
MIME_TYPES = (("video/mp4", 0.86), ("video/webm", 0.05), ("video/quicktime", 0.05), ("video/mpeg", 0.04))
EXTENSIONS = {"video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov", "video/mpeg": "mpeg"}


class GeminiLines(Lines):
    OVERHEAD = 520.0

    def __init__(self, seed, avg_bytes, resolution):
        super().__init__(seed, avg_bytes)
        self.instructions = [encode_inner(text) for text in INSTRUCTIONS]
        self.system = encode_inner(SYSTEM_TEXT)
        self.resolution = resolution
        self.cut = None  # the whole seconds of the current line's segment

    def file_part(self):
        rng = self.rng
        mime = weighted(rng, MIME_TYPES)
        uri = "gs://%s/clips/2025-%02d/%s_%07d.%s" % (
            rng.choice(BUCKETS), rng.randint(1, 12),
            rng.choice(("cam", "match", "ad", "ugc")), rng.randrange(10_000_000), EXTENSIONS[mime])
        part = '{"fileData":{"fileUri":"%s","mimeType":"%s"}' % (uri, mime)
        self.cut = None
        if rng.random() < 0.6:
            start = rng.randrange(0, 240)
            end = start + rng.randint(2, 60)
            self.cut = end - start - 1  # offsets may carry a fraction
            if rng.random() < 0.15:
                offsets = '"startOffset":"%d.%ds","endOffset":"%d.%ds"' % (start, rng.randrange(10), end, rng.randrange(10))
            else:
                offsets = '"startOffset":"%ds","endOffset":"%ds"' % (start, end)
            fps = ',"fps":%s' % rng.choice(("1.0", "2.0", "0.5", "1")) if rng.random() < 0.1 else ""
            part += ',"videoMetadata":{%s%s}' % (offsets, fps)
        return part + "}"

    def answer(self, pool, budget):
        rng = self.rng
        kind = rng.random()
        if kind < 0.35:
            return '```json\\n[{\\"animal_name\\": \\"%s\\"}]\\n```\\n' % rng.choice(("dog", "cat", "rabbit")) + self.prose(pool, budget * 0.6)
        if kind < 0.55:
            events = ""
            for i in range(rng.randint(2, 6)):
                at = 60 * i + rng.randrange(60)
                at = at % self.cut if self.cut else at  # times are relative to the start of the segment
                events += "%02d:%02d - %s\\n" % (at // 60, at % 60, rng.choice(("goal", "foul", "pass", "corner", "replay")))
            return events + self.prose(pool, budget - len(events))
        return self.prose(pool, budget)

    def line(self):
        rng = self.rng
        pool = self.pools[weighted(rng, LANGUAGES)]
        budget = self.budget()
        out = ["{"]
        if rng.random() < 0.12:
            out.append('"systemInstruction":{"role":"system","parts":[{"text":"%s"}]},' % self.system)
        out.append('"contents":[{"role":"user","parts":[%s,{"text":"%s%s"}]},' % (
            self.file_part(), rng.choice(self.instructions), self.prose(pool, budget * 0.45)))
        out.append('{"role":"model","parts":[{"text":"%s"}]}' % self.answer(pool, budget * 0.45))
        if rng.random() < 0.1:  # a second turn
            out.append(',{"role":"user","parts":[{"text":"%s"}]},{"role":"model","parts":[{"text":"%s"}]}' % (
                self.prose(pool, 40 + budget * 0.1), self.prose(pool, 60 + budget * 0.2)))
        out.append('],"generationConfig":{"mediaResolution":"%s"}}' % self.resolution)
        return self.made("".join(out))

    def long_line(self, size):
        """An example of about ``size`` bytes: a conversation of many turns."""
        pool, turns, used = self.pools["en"], [], 0
        self.rng, rng = random.Random("long/%d" % size), self.rng  # so that the other lines stay the same
        while used < size:
            for role in ("user", "model"):
                turns.append('{"role":"%s","parts":[{"text":"%s"}]}' % (role, self.prose(pool, 900)))
                used += len(turns[-1]) + 1
        self.rng = rng
        return '{"contents":[%s],"generationConfig":{"mediaResolution":"%s"}}' % (",".join(turns), self.resolution)


def _bad_offset(value, rng):
    value["contents"][0]["parts"][0]["videoMetadata"] = {
        "startOffset": rng.choice(("5", "00:05", "5sec", "-3s", 5)), "endOffset": "25s"}


def _reversed_offsets(value, _rng):
    value["contents"][0]["parts"][0]["videoMetadata"] = {"startOffset": "40s", "endOffset": "12s"}


def _other_resolution(value, _rng):
    current = value["generationConfig"]["mediaResolution"]
    value["generationConfig"]["mediaResolution"] = (
        "MEDIA_RESOLUTION_MEDIUM" if current == "MEDIA_RESOLUTION_LOW" else "MEDIA_RESOLUTION_LOW")


FAULTS = {
    # JSON syntax
    **json_faults('"text":"', '"role":"model"', replacing('],"generationConfig"', ',],"generationConfig"')),
    # Shape
    "no-contents": editing(lambda v, _r: v.pop("contents")),
    "empty-parts": editing(lambda v, _r: v["contents"][0].update(parts=[])),
    "bad-role": editing(lambda v, r: v["contents"][1].update(role=r.choice(("assistant", "Model", "system")))),
    "unknown-field": editing(lambda v, _r: v["contents"][0]["parts"][0]["fileData"].update(fileURI="gs://x/y.mp4")),
    "no-mime-type": editing(lambda v, _r: v["contents"][0]["parts"][0]["fileData"].pop("mimeType")),
    "bad-mime-type": editing(lambda v, r: v["contents"][0]["parts"][0]["fileData"].update(mimeType=r.choice(("mp4", "video/mp5", "")))),
    "bad-uri": editing(lambda v, r: v["contents"][0]["parts"][0]["fileData"].update(fileUri=r.choice(("/mnt/v.mp4", "gs:/b/v.mp4", "s3://b/v.mp4")))),
    "bad-offset": editing(_bad_offset),
    "bad-resolution": editing(lambda v, r: v["generationConfig"].update(mediaResolution=r.choice(("LOW", "MEDIA_RESOLUTION_HGIH", 1)))),
    "text-not-string": editing(lambda v, _r: v["contents"][1]["parts"][0].update(text=42)),
    # Meaning (valid JSON and valid shape; wrong for tuning)
    "reversed-offsets": editing(_reversed_offsets),
    "mixed-resolution": editing(_other_resolution),
    "ends-with-user": editing(lambda v, _r: v["contents"].append({"role": "user", "parts": [{"text": "And then?"}]})),
}
