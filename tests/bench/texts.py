"""Sentences for generated datasets, and the sizes of their lines. gemini_lines.py and chat_lines.py use them.

Standard library only.
"""

import json
import math
import random

WORDS = {
    "en": (
        "the camera a player ball moves toward left right corner frame dog cat rabbit "
        "person walks across street scene indoor outdoor kitchen table picks up cup "
        "then turns slowly while another actor enters from background crowd cheers "
        "goal shot pass foul referee whistle replay close-up wide angle product logo "
        "appears on shelf label text overlay says sale music starts narrator explains "
        "step first next finally summary key event begins ends around second minute"
    ).split(),
    "ko": (
        "동영상 장면 에서 선수가 공을 왼쪽 으로 이동 합니다 카메라 고양이 강아지 토끼 "
        "사람이 거리를 건너 부엌 테이블 위에 컵을 들고 천천히 돌아 봅니다 이벤트 시작 "
        "종료 요약 주요 제품 로고가 나타납니다 자막 음악"
    ).split(),
    "ja": (
        "動画 の 中で 選手が ボールを 左に 運びます カメラ 猫 犬 うさぎ 人が 通りを 渡る "
        "台所 テーブル カップを 持ち上げ ゆっくり 振り返る 開始 終了 要約 商品 ロゴ 字幕"
    ).split(),
    "es": (
        "la cámara sigue al jugador hacia la esquina izquierda un perro gato conejo "
        "persona cruza la calle cocina mesa levanta una taza después gira lentamente "
        "mientras otra acción comienza termina resumen señal música narración producto"
    ).split(),
}
LANGUAGES = (("en", 0.80), ("es", 0.08), ("ko", 0.07), ("ja", 0.05))

POOL_SIZE = 2048  # sentences prepared per language


def encode_inner(text):
    """JSON-escape ``text`` without the surrounding quotes; keep non-ASCII as UTF-8."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def build_pool(rng, words):
    """Prepare escaped sentences with their UTF-8 length: [(escaped, bytes), ...]."""
    pool = []
    for _ in range(POOL_SIZE):
        sentence = " ".join(rng.choices(words, k=rng.randint(5, 16)))
        sentence = sentence[0].upper() + sentence[1:] + rng.choice((". ", ". ", ".\n", "! ", '" ', "; "))
        escaped = encode_inner(sentence)
        pool.append((escaped, len(escaped.encode("utf-8"))))
    return pool


def weighted(rng, pairs):
    """Pick from ((value, weight), ...) whose weights add up to 1."""
    roll = rng.random()
    for value, weight in pairs:
        roll -= weight
        if roll < 0:
            return value
    return pairs[0][0]


class Lines:
    """Draws the lines of a dataset. A subclass has ``line()``, which returns one without its newline."""

    # Mean bytes of a line apart from its filler text (a first guess; see budget()).
    OVERHEAD = 0.0

    def __init__(self, seed, avg_bytes):
        self.rng = random.Random("text/%d" % seed)
        self.pools = {lang: build_pool(self.rng, words) for lang, words in WORDS.items()}
        self.avg_bytes = avg_bytes
        self.lines_made = 0
        self.bytes_made = 0  # without the newlines

    def prose(self, pool, budget):
        """About ``budget`` bytes of sentences, as escaped JSON string content."""
        rng, pieces, used = self.rng, [], 0
        while used < budget:
            text, size = pool[int(rng.random() * POOL_SIZE)]
            # Stop at the nearer side, so that the mean is unbiased.
            if used + size / 2.0 > budget:
                break
            pieces.append(text)
            used += size
        return "".join(pieces) or pool[int(rng.random() * POOL_SIZE)][0]  # never an empty text

    def budget(self):
        """The bytes of filler text for the next line."""
        # Log-normal sizes with mean 1: many short examples, a long tail.
        spread = math.exp(self.rng.gauss(0.0, 0.45) - 0.45 * 0.45 / 2.0)
        # Steer towards the requested average by compensating for the deviation so far.
        target = self.avg_bytes - 1
        deficit = target * self.lines_made - self.bytes_made
        filler = max(0.0, target - self.OVERHEAD + max(-target, min(target, deficit / 200.0)))
        return filler * spread

    def made(self, text):
        """Count a finished line, and return it."""
        self.lines_made += 1
        self.bytes_made += len(text.encode("utf-8"))
        return text


# --------------------------------------------------------------------------
# Faults: each takes a valid line (str) and returns a broken one (str or bytes)
# --------------------------------------------------------------------------


def replacing(old, new):
    """A fault that replaces the first occurrence of ``old``."""
    def apply(_rng, line):
        assert old in line, old
        return line.replace(old, new, 1)
    return apply


def editing(change):
    """A fault that edits the parsed line in place, then writes it compactly."""
    def apply(rng, line):
        value = json.loads(line)
        change(value, rng)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return apply


def json_faults(text, answer, last_comma):
    """The faults of JSON syntax: ``text`` is where a text starts, ``answer`` the role of the model."""
    return {
        "trailing-comma": last_comma,
        "truncated": lambda rng, line: line[: rng.randint(1, len(line) - 1)],
        "missing-quote": replacing(answer, answer[:-1]),
        "single-quotes": replacing('"role":"user"', "'role':'user'"),
        "raw-tab-in-string": replacing(text, text + "\t"),
        "bad-escape": replacing(text, text + "\\x"),
        "two-values": lambda _rng, line: line + line,
        "not-an-object": lambda _rng, line: "[" + line + "]",
        "invalid-utf8": lambda _rng, line: line.encode("utf-8").replace(text.encode(), text.encode() + b"\xff", 1),
        "blank-line": lambda _rng, _line: "",
        "duplicate-key": replacing('"role":"user"', '"role":"user","role":"user"'),
    }
