# Sourced behind common.sh by tests that drive an editor in a terminal: keys go in, the screen is read.

system_program tmux tmux

session=tuning-ls-$$
# How long anything may take to appear, in tenths of a second: machines are shared.
patience=300

# in_terminal COMMAND: runs it in a new terminal of 120 columns and 40 rows, and waits until it draws. An editor that
# never draws is started once more. That is the only retry: whatever fails later is a failure.
in_terminal() {
  start_terminal "$1" && return
  end_terminal
  say "  STARTED ONCE MORE: $1"
  start_terminal "$1"
}
start_terminal() {
  tmux -L "$session" -f /dev/null new-session -d -s editor -x 120 -y 40 "$1" &&
    tmux -L "$session" set-option -g escape-time 0 &&
    await "the editor draws" drawn
}
drawn() { screen | grep -q '[^[:space:]]'; }

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

# journey NAME FUNCTION: runs a journey. The first one that fails ends the test.
journey() {
  local status=0
  # Not in a condition: bash would go on after a command that fails there.
  (trap - EXIT; set -e; "$2") &
  wait $! || status=$?
  [ "$status" -eq 0 ] || fail "$1"
  say "  ok     $1"
}
