# Sourced by the scripts of this folder, which build for another platform.
#
# The target's standard library is compiled from the sources that Debian has for the compiler it builds browsers with. So
# nothing but Debian's packages is needed, and the compiler of this machine stays as it is.
source "$(dirname "${BASH_SOURCE[0]}")/../../editors/support/common.sh"

# cross_compiler: installs Debian's compiler, and the sources of its library. Sets $compiler to the folder.
cross_compiler() {
  need apt-get "the compiler comes from Debian's packages, so the test runs on Debian"
  need cargo "install Rust from https://www.rust-lang.org/tools/install"
  [ "$(uname -m)" = x86_64 ] || fail "this test runs on x86-64 only"
  apt-cache show rustc-web >/dev/null 2>&1 || fail "this needs Debian's package rustc-web, which Debian 12 has; run \`apt-get update\`"
  once "rustc-web-$(newest rustc-web)" install_rustc_web
  compiler=$installed/rustc-web-$(newest rustc-web)/root/usr
}

newest() { apt-cache show --no-all-versions "$1" | sed -n 's/^Version: //p'; }
# depends_on PACKAGE PATTERN: the dependency of a package whose name matches.
depends_on() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1; }

install_rustc_web() {
  local library
  cd "$1"
  library=$(depends_on libstd-rust-web-dev 'libstd-rust-web-.*')
  apt-get -qq download rustc-web rust-web-src libstd-rust-web-dev "$library" "$(depends_on "$library" 'libllvm.*')"
  for package in *.deb; do dpkg-deb -x "$package" root; done
  rm -f -- *.deb
}

# cargo_for TARGET ARGUMENT...: runs Cargo for a target with the compiler. Emulation is slow, so programs are optimized, at the
# level $optimized if it is set. Local LTO is off, because it takes this compiler more than half an hour.
cargo_for() {
  # This compiler is not a nightly one, but `build-std` needs one.
  (cd "$repository"
    export RUSTC=$compiler/bin/rustc RUSTC_BOOTSTRAP=1 LD_LIBRARY_PATH=$compiler/lib/x86_64-linux-gnu
    export CARGO_PROFILE_DEV_DEBUG=false CARGO_PROFILE_DEV_OPT_LEVEL=${optimized:-1}
    export CARGO_PROFILE_DEV_LTO=off CARGO_PROFILE_DEV_CODEGEN_UNITS=16 CARGO_TERM_COLOR=never
    export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repository/target}/platforms
    cargo "${@:2}" --locked -Z build-std=std,panic_unwind --target "$1" --message-format=json-render-diagnostics)
}

# the_program <MESSAGES: the program in Cargo's messages.
the_program() { sed -n '/"kind":\["bin"\]/s/.*"executable":"\([^"]*\)".*/\1/p' | sort -u; }

# build_tests TARGET: compiles the tests and the program as packages have it, with `remote`. Sets $tests to the test programs
# and $program to the program.
build_tests() {
  local built
  step "building the tests for $1"
  built=$(cargo_for "$1" test --no-run --lib --test it --features remote)
  mapfile -t tests < <(sed -n '/"test":true},"features"/s/.*"executable":"\([^"]*\)".*/\1/p' <<<"$built")
  program=$(the_program <<<"$built")
  [ "${#tests[@]}" = 2 ] && [ -f "$program" ] || fail "cargo built different programs than expected"
}

# left_out REASON TEST...: tests that are not run, and why.
declare -A reasons
left_out() {
  local name
  for name in "${@:2}"; do reasons[$name]=$1; done
}

# run_tests COMMAND [NAME...]: runs the test programs with a command: all tests, or those with one of these in their names,
# except those that are left out.
run_tests() {
  local runner=$1 test listed name arguments known= status=0
  shift
  for test in "${tests[@]}"; do
    listed=$("$runner" "$test" --list --format terse | tr -d '\r' | sed -n 's/: test$//p')
    known+=$listed$'\n'
    arguments=(--exact)
    if [ $# -gt 0 ]; then
      mapfile -t -O 1 arguments < <(grep -F "$(printf '%s\n' "$@")" <<<"$listed")
      [ "${#arguments[@]}" -gt 1 ] || continue
    fi
    while read -r name; do
      arguments+=(--skip "$name")
      say "not run: $name: ${reasons[$name]}"
    done < <(printf '%s\n' "${!reasons[@]}" | sort | grep -Fx "$listed" || true)
    step "running $(basename "$test")"
    # No snapshot is rewritten.
    INSTA_UPDATE=no "$runner" "$test" "${arguments[@]}" || status=1
  done
  for name in "${!reasons[@]}"; do
    grep -qFx "$name" <<<"$known" || fail "$name is left out, but there is no such test"
  done
  [ "$status" = 0 ] || fail "some tests failed"
}
