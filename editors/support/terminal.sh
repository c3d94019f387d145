# Sourced behind common.sh by tests that drive an editor in a terminal: keys go in, the screen is read.

system_program tmux tmux

session=tuning-ls-$$
# How long anything may take to appear, in tenths of a second: machines are shared.
patience=300

# in_terminal COMMAND: runs it in a new terminal of 120 columns and 40 rows.
in_terminal() {
  tmux -L "$session" -f /dev/null new-session -d -s editor -x 120 -y 40 "$1"
  tmux -L "$session" set-option -g escape-time 0
}

screen() { tmux -L "$session" capture-pane -p -t editor 2>/dev/null; }
press() { tmux -L "$session" send-keys -t editor "$@"; }
write() { tmux -L "$session" send-keys -t editor -l -- "$1"; }
end_terminal() { tmux -L "$session" kill-server 2>/dev/null || true; }
trap end_terminal EXIT

# await WHAT COMMAND...: until the command succeeds.
await() {
  local what=$1
  shift
  for _ in $(seq "$patience"); do
    "$@" && return
    sleep 0.1
  done
  screen
  say "waited in vain: $what"
  return 1
}

shows() { screen | grep -qF -- "$1"; }
lacks() { ! shows "$1"; }

# await_screen TEXT: until the screen shows the text.
await_screen() { await "the screen shows $1" shows "$1"; }

# await_file FILE EXPECTED: until the file is as expected.
await_file() { await "$1 is as expected" cmp -s "$1" "$2"; }

# fixtures FOLDER: a new copy of the fixtures there, and beside it what the broken dataset should become.
fixtures() {
  rm -rf "$1"
  mkdir -p "$1"
  cp "$repository"/fixtures/datasets/* "$1"
  # The dataset's second line has one comma too many.
  sed '2s/,}/}/' "$1/video-broken.jsonl" >"$1/mended.jsonl"
  ! cmp -s "$1/video-broken.jsonl" "$1/mended.jsonl" || fail "the fixture has no comma to take out"
  cp "$1/video-broken.jsonl" "$1/before.jsonl"
}

# twice NAME FUNCTION: runs a journey, and once more if it fails, which is said.
twice() {
  local name=$1 try status
  for try in 1 2; do
    status=0
    # Not in a condition: there, bash would go on behind a command that fails.
    (trap - EXIT; set -e; "$2") &
    wait $! || status=$?
    if [ "$status" -eq 0 ]; then
      say "  ok     $name"
      return
    fi
    end_terminal
    [ "$try" = 2 ] || say "  RUN ONCE MORE: $name"
  done
  fail "$name"
}
