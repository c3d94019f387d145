"""Installs pinned versions of the peers that tests/bench/peers/run measures into their own folder.

package-lock.json lists those from npm, and requirements.txt those from PyPI. An older version of one of them is in
requirements-together-2.txt. They are installed again only if the list changes. The system itself does not change.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


class Missing(Exception):
    """A required program is missing, or a package cannot be installed."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def npm(folder):
    """Install the npm packages; return their folder."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Missing("%s is missing: install Node.js 20 or later (on Debian: apt-get install nodejs npm)" % program)
    modules = folder / "node_modules"
    stamp = folder / "installed.json"
    wanted = (HERE / "package-lock.json").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("==> installing the peers from npm (once)")
        folder.mkdir(parents=True, exist_ok=True)
        for name in NPM_FILES:
            shutil.copy(HERE / name, folder / name)
        # None of the peers needs the install scripts of packages.
        run(["npm", "ci", "--ignore-scripts"], folder, "the packages of npm cannot be installed")
        stamp.write_text(wanted, encoding="utf-8")
    return modules


def python(folder, requirements):
    """Install the PyPI packages of a list into an environment; return its Python."""
    program = folder / "bin" / "python"
    stamp = folder / "installed.txt"
    wanted = (HERE / requirements).read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("==> installing the peers of %s from PyPI (once)" % requirements)
        folder.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "venv", "--clear", str(folder)], folder.parent,
            "python3 cannot make an environment (on Debian: apt-get install python3-venv)")
        run([str(program), "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
             "-r", str(HERE / requirements)], folder, "the packages of PyPI cannot be installed")
        stamp.write_text(wanted, encoding="utf-8")
    return program


def run(command, folder, failure):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        last_lines = "\n".join(done.stdout.decode("utf-8", "replace").splitlines()[-20:])
        raise Missing("%s:\n%s" % (failure, last_lines))


def biome(modules):
    """Biome's native program, which editors start, too. The package's command is a Node script around it."""
    found = sorted(modules.glob("@biomejs/cli-*/biome"), key=lambda path: "musl" in path.parent.name)
    if not found:
        raise Missing("npm has installed no Biome for this platform")
    return found[0]


def npm_version(modules, package):
    return json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"]


def python_version(program, package):
    script = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    return subprocess.check_output([str(program), "-c", script, package], text=True).strip()
