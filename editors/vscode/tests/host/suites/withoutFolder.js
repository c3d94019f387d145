// A window with a file and no folder.

const { assert, foundOnCommandLine, findings, listed, until, vscode } = require('../support');

module.exports = {
  async 'a file without a folder is checked'() {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    const { document } = await until('the file', () => vscode.window.activeTextEditor, vscode.window.onDidChangeActiveTextEditor);
    await findings(document.uri);
    assert.deepEqual(listed(document.uri), foundOnCommandLine(document.uri));
  },
};
