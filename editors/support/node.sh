# Sourced behind common.sh by scripts that need npm packages.

# extension_packages: the packages that the VS Code extension is built and tested with, as its lock file says.
extension_packages() {
  need npm "install Node.js 20 or later"
  local folder=$repository/editors/vscode
  if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock"; then
    say "installing the npm packages of the extension (once)"
    (cd "$folder" && npm ci --no-audit --no-fund) >"$installed/npm.log" 2>&1 ||
      { tail -n 20 "$installed/npm.log" >&2; fail "the npm packages of the extension cannot be installed"; }
    cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
  fi
}
