"""The client's copy of a document: its lines, its edits, and positions as the protocol counts them.

Standard library only.
"""

from pathlib import Path


def utf16_len(text):
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


class Document:
    """The client's copy of the text, as lines with their line ends."""

    def __init__(self, path, extension=None, uri=None):
        self.path = Path(path).resolve()
        try:
            self.lines = split_lines(self.path.read_bytes().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise SystemExit("%s is not UTF-8, so an editor could not send it: %s" % (path, error)) from None
        shown = self.path if extension is None else self.path.with_suffix("." + extension.lstrip("."))
        self.uri = uri or shown.as_uri()
        self.version = 1

    @property
    def text(self):
        """The whole text."""
        return "".join(self.lines)

    def find(self, rng, pattern, avoid=(), tries=2000):
        """A random match of ``pattern`` in a random line that is not in ``avoid``: (line, offset of the end)."""
        for _ in range(tries):
            row = rng.randrange(len(self.lines))
            matches = [] if row in avoid else list(pattern.finditer(self.lines[row]))
            if matches:
                return row, rng.choice(matches).end()
        raise SystemExit("pattern %r matched in none of %d random lines" % (pattern.pattern, tries))

    def position(self, row, offset):
        """The LSP position of a place."""
        return {"line": row, "character": utf16_len(self.lines[row][:offset])}

    def replace(self, row, start, end, text, full_sync):
        """Apply an edit within one line; return the contentChanges to send."""
        span = {"start": self.position(row, start), "end": self.position(row, end)}
        line = self.lines[row]
        self.lines[row] = line[:start] + text + line[end:]
        self.version += 1
        return [{"text": self.text}] if full_sync else [{"range": span, "text": text}]

    def replace_lines(self, row, count, lines):
        """Replace ``count`` lines with others; return the contentChanges to send."""
        span = {"start": {"line": row, "character": 0}, "end": {"line": row + count, "character": 0}}
        self.lines[row:row + count] = lines
        self.version += 1
        return [{"range": span, "text": "".join(lines)}]


def split_lines(text):
    """Split at LF (and thus CRLF) only. str.splitlines() also splits at other characters."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def touches(diagnostics, row):
    """Whether any of the diagnostics is on a line."""
    return any(d["range"]["start"]["line"] <= row <= d["range"]["end"]["line"] for d in diagnostics)
