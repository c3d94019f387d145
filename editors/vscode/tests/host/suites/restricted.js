// An untrusted workspace whose settings name a program to run.

const { assert, codeOf, fileIn, findings, open, serverProcesses, vscode } = require('../support');
const fs = require('node:fs');

module.exports = {
  async 'a program that the workspace names is not run; the bundled one is'() {
    assert.equal(vscode.workspace.isTrusted, false);
    const { uri } = await open(fileIn('video-broken.jsonl'));
    const found = await findings(uri);
    assert.ok(found.some((found) => codeOf(found) === 'trailing-comma'));
    const [server] = serverProcesses();
    const { extensionPath } = vscode.extensions.getExtension('tuning-ls.tuning-ls');
    assert.equal(fs.readlinkSync(`/proc/${server}/exe`), `${extensionPath}/server/tuning-ls`);
    assert.ok(!fs.existsSync(fileIn('was-run').fsPath));
  },

  async 'settings of the workspace that run nothing apply'() {
    const found = await findings(fileIn('video-broken.jsonl'));
    assert.ok(!found.some((found) => codeOf(found) === 'unknown-role'), 'the workspace turns it off');
  },

  async 'its tuning-ls.toml applies, because it runs nothing either'() {
    fs.writeFileSync(fileIn('tuning-ls.toml').fsPath, '[rules]\ntrailing-comma = "off"\n');
    const isOff = (found) => found.length > 0 && !found.some((found) => codeOf(found) === 'trailing-comma');
    await findings(fileIn('video-broken.jsonl'), isOff);
  },
};
