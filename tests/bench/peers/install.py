"""Installs the peers that tests/bench/peers/run measures, pinned, into a folder of their own.

From npm what package-lock.json says, from PyPI what requirements.txt says; each again only when its list has changed.
Nothing of the system is touched.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


class Missing(Exception):
    """Something that has to be on the machine is not, or a package cannot be installed."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def npm(folder):
    """The folder of the installed npm packages."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Missing("%s is missing: install Node.js 20 or later (on Debian: apt-get install nodejs npm)" % program)
    modules = folder / "node_modules"
    stamp = folder / "installed.json"
    wanted = (HERE / "package-lock.json").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("installing the peers from npm (once)")
        folder.mkdir(parents=True, exist_ok=True)
        for name in NPM_FILES:
            shutil.copy(HERE / name, folder / name)
        # Scripts of packages are not run: nothing of what is measured needs them.
        run(["npm", "ci", "--ignore-scripts"], folder, "the packages of npm cannot be installed")
        stamp.write_text(wanted, encoding="utf-8")
    return modules


def python(folder):
    """The Python of an environment with the packages of PyPI."""
    program = folder / "bin" / "python"
    stamp = folder / "installed.txt"
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("installing the peers from PyPI (once)")
        folder.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "venv", "--clear", str(folder)], folder.parent,
            "python3 cannot make an environment (on Debian: apt-get install python3-venv)")
        run([str(program), "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
             "-r", str(HERE / "requirements.txt")], folder, "the packages of PyPI cannot be installed")
        stamp.write_text(wanted, encoding="utf-8")
    return program


def run(command, folder, failure):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        last_lines = "\n".join(done.stdout.decode("utf-8", "replace").splitlines()[-20:])
        raise Missing("%s:\n%s" % (failure, last_lines))


def biome(modules):
    """Biome's program itself, which editors start too; the package's own command is a Node script before it."""
    found = sorted(modules.glob("@biomejs/cli-*/biome"), key=lambda path: "musl" in path.parent.name)
    if not found:
        raise Missing("npm has installed no Biome for this machine")
    return found[0]


def npm_version(modules, package):
    return json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"]


def python_version(program, package):
    script = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    return subprocess.check_output([str(program), "-c", script, package], text=True).strip()
