// A workspace of two folders.

const { assert, foundOnCommandLine, findings, listed, open, serverProcesses, vscode } = require('../support');

module.exports = {
  async 'files of all folders are checked, by one server'() {
    const folders = vscode.workspace.workspaceFolders;
    assert.equal(folders.length, 2);
    for (const { uri: folder } of folders) {
      const { uri } = await open(vscode.Uri.joinPath(folder, 'video-broken.jsonl'));
      await findings(uri);
      assert.deepEqual(listed(uri), foundOnCommandLine(uri));
    }
    assert.equal(serverProcesses().length, 1);
  },
};
