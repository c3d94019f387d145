// A window with a file and no folder.

const fs = require('node:fs');
const path = require('node:path');
const { assert, codeOf, foundOnCommandLine, findings, listed, until, vscode } = require('../support');

module.exports = {
  async 'a file without a folder is checked'() {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    const { document } = await until('the file', () => vscode.window.activeTextEditor, vscode.window.onDidChangeActiveTextEditor);
    await findings(document.uri);
    assert.deepEqual(listed(document.uri), foundOnCommandLine(document.uri));
  },

  async 'settings of its project take effect at once, although VS Code watches no folder'() {
    const { uri } = vscode.window.activeTextEditor.document;
    const isComma = (found) => codeOf(found) === 'trailing-comma';
    const toml = path.join(path.dirname(uri.fsPath), 'tuning-ls.toml');
    fs.writeFileSync(toml, '[rules]\ntrailing-comma = "off"\n');
    await findings(uri, (found) => found.length > 0 && !found.some(isComma));
    fs.rmSync(toml);
    await findings(uri, (found) => found.some(isComma));
  },
};
