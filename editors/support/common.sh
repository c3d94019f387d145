# Sourced by the scripts of editors/ and tests/: paths, output, and programs installed from package registries.
#
# Those programs go into their own folder, which later runs use again: $TUNING_LS_EDITORS, or tuning-ls-editors in the
# user's cache. It is always safe to delete it.

set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
support=$repository/editors/support
installed=${TUNING_LS_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/tuning-ls-editors}
mkdir -p "$installed"

say() { printf '%s\n' "$*"; }
# step TEXT: says what the script does next.
step() { say "==> $*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# need PROGRAM HINT: stops unless the program is installed.
need() { command -v "$1" >/dev/null || fail "this needs \`$1\`; $2"; }

# system_program PROGRAM PACKAGE...: installs Debian packages unless the machine has the program.
system_program() {
  command -v "$1" >/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "this needs \`$1\`: install it"
  step "installing $2 (once)"
  if ! (apt-get -qq update && apt-get -qq -y install --no-install-recommends "${@:2}") >"$installed/$2.log" 2>&1; then
    tail -n 20 "$installed/$2.log" >&2
    fail "$2 cannot be installed"
  fi
}

# build_server [PROFILE [OPTION...]]: builds the server in this Cargo profile (`release` by default), with options of Cargo.
# Sets $server to its path, and $TUNING_LS_FOLDER to a folder for the PATH in which it is named tuning-ls. $TUNING_LS_SERVER
# names a server that is already built.
build_server() {
  local profile=${1:-release} quiet=--quiet
  if [ -z "${TUNING_LS_SERVER:-}" ]; then
    need cargo "install Rust from https://www.rust-lang.org/tools/install"
    step "building the server (cargo build --profile $profile)"
    # On a terminal, Cargo's progress bar shows how long it will take.
    [ ! -t 2 ] || quiet=
    (cd "$repository" && cargo build --profile "$profile" --bin tuning-ls "${@:2}" $quiet)
    TUNING_LS_SERVER=${CARGO_TARGET_DIR:-$repository/target}/${profile/#dev/debug}/tuning-ls
  fi
  server=$(realpath "$TUNING_LS_SERVER")
  export TUNING_LS_SERVER=$server TUNING_LS_FOLDER=$repository/target/editors
  mkdir -p "$TUNING_LS_FOLDER"
  ln -sf "$server" "$TUNING_LS_FOLDER/tuning-ls"
  say "server: $("$server" --version)"
}

# once NAME FUNCTION [ARGUMENT...]: calls FUNCTION FOLDER [ARGUMENT...] to install into the folder $installed/NAME,
# unless an earlier run did so with the same arguments. An installation that was interrupted is repeated. If two scripts
# need the same folder at the same time, the second waits for the first.
once() {
  local name=$1 function=$2
  local folder=$installed/$name lock status=0
  shift 2
  [ "$(cat "$folder/.complete" 2>/dev/null)" != "$function $*" ] || return 0
  exec {lock}>"$installed/$name.lock"
  flock "$lock"
  if [ "$(cat "$folder/.complete" 2>/dev/null)" != "$function $*" ]; then
    step "installing $name (once)"
    rm -rf "$folder"
    mkdir -p "$folder"
    # Not as a condition of `if`: there, bash ignores `set -e`.
    (set -e; "$function" "$folder" "$@") >"$installed/$name.log" 2>&1 &
    wait $! || status=$?
    if [ "$status" -ne 0 ]; then
      tail -n 20 "$installed/$name.log" >&2
      fail "$name cannot be installed; the whole log is $installed/$name.log"
    fi
    echo "$function $*" >"$folder/.complete"
  fi
  exec {lock}>&-
}
