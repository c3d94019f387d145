"""Makes one animated image of the pictures that a suite has taken.

usage: record.py FOLDER OUT    FOLDER has pictures named NUMBER-MILLISECONDS.png; OUT is a .webp file
"""

import pathlib
import sys

from PIL import Image

# The size of the recording, and of what a README may ask its readers to load.
WIDTH = 960
MOST_BYTES = 1_500_000


def main(folder, out):
    pictures, durations = [], []
    for path in sorted(pathlib.Path(folder).glob("*-*.png")):
        picture = Image.open(path).convert("RGB")
        height = picture.height * WIDTH // picture.width
        pictures.append(picture.resize((WIDTH, height), Image.Resampling.LANCZOS))
        durations.append(int(path.stem.split("-")[1]))
    if not pictures:
        sys.exit(f"no pictures in {folder}")
    pictures[0].save(
        out, save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=80, method=6, minimize_size=True
    )
    size = pathlib.Path(out).stat().st_size
    print(f"{out}: {len(pictures)} pictures, {sum(durations) / 1000:.0f} s, {size / 1000:.0f} KB")
    if size > MOST_BYTES:
        sys.exit(f"{out} is larger than {MOST_BYTES} bytes")


main(*sys.argv[1:])
