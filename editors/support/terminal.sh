# Sourced after common.sh by tests that drive an editor in a terminal: they send keys and read the screen.

system_program tmux tmux

session=tuning-ls-$$
# How long to wait for anything, in tenths of a second. Test machines can be slow.
patience=300

# in_terminal COMMAND: runs a command in a new terminal of 120 columns and 40 rows, and waits until it draws. If it draws
# nothing, it is started once more. There is no other retry.
in_terminal() {
  start_terminal "$1" && return
  end_terminal
  say "  RESTARTED: $1"
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

# await WHAT COMMAND...: waits until the command succeeds.
await() {
  local what=$1
  shift
  for _ in $(seq "$patience"); do
    "$@" && return
    sleep 0.1
  done
  screen
  say "timed out: $what"
  return 1
}

shows() { screen | grep -qF -- "$1"; }
lacks() { ! shows "$1"; }

# await_screen TEXT: waits until the screen shows the text.
await_screen() { await "the screen shows $1" shows "$1"; }

# await_file FILE EXPECTED: waits until both files have the same contents.
await_file() { await "$1 has the contents of $2" cmp -s "$1" "$2"; }

# fixtures FOLDER: copies the datasets there, and adds the broken dataset as it is before and after the fix.
fixtures() {
  rm -rf "$1"
  mkdir -p "$1"
  cp "$repository"/fixtures/datasets/* "$1"
  # The second line of the dataset has a trailing comma.
  sed '2s/,}/}/' "$1/video-broken.jsonl" >"$1/fixed.jsonl"
  ! cmp -s "$1/video-broken.jsonl" "$1/fixed.jsonl" || fail "the fixture has no trailing comma"
  cp "$1/video-broken.jsonl" "$1/before.jsonl"
}

# journey NAME FUNCTION: runs one test. The first failure ends the script.
journey() {
  local status=0
  # Not as a condition of `if`: there, bash ignores `set -e`.
  (trap - EXIT; set -e; "$2") &
  wait $! || status=$?
  [ "$status" -eq 0 ] || fail "$1"
  say "  ok     $1"
}
