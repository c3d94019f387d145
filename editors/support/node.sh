# Sourced after common.sh by scripts that need npm packages.

# extension_packages: installs the packages that build and test the VS Code extension, as its lock file lists them.
extension_packages() {
  need npm "install Node.js 20 or later"
  local folder=$repository/editors/vscode
  if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock"; then
    step "installing the extension's npm packages (once)"
    (cd "$folder" && npm ci --no-audit --no-fund) >"$installed/npm.log" 2>&1 ||
      { tail -n 20 "$installed/npm.log" >&2; fail "the extension's npm packages cannot be installed"; }
    cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
  fi
}
