// A file that is too large for VS Code to pass to extensions.

const fs = require('node:fs');
const { assert, codeOf, command, fileIn, findings, foundOnCommandLine, listed, until, vscode } = require('../support');

const uri = () => fileIn('large.jsonl');
const has = (code) => (found) => found.some((diagnostic) => codeOf(diagnostic) === code);

module.exports = {
  async 'extensions do not get the file, but it has its findings'() {
    await command('vscode.open', uri());
    await findings(uri(), has('trailing-comma'));
    assert.ok(!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri().toString()));
    assert.deepEqual(listed(uri()), foundOnCommandLine(uri()));
  },

  async 'the findings are updated when the file is saved'() {
    const file = uri().fsPath;
    const handle = fs.openSync(file, 'r+');
    const text = Buffer.alloc(4096);
    fs.readSync(handle, text, 0, text.length, 0);
    const at = text.indexOf(',}');
    fs.writeSync(handle, ' ', at);
    fs.closeSync(handle);
    // All lines are the same, which is still a finding.
    await findings(uri(), (found) => has('duplicate-example')(found) && !has('trailing-comma')(found));
    assert.deepEqual(listed(uri()), foundOnCommandLine(uri()));
  },

  async 'its summary can be shown'() {
    await command('tuning-ls.showDatasetSummary');
    const page = await until('the page', () => vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'tuning-ls-summary'));
    assert.match(page.getText(), /^# large\.jsonl\n\n- examples: \d+\n/);
  },

  async 'the findings disappear when the file is closed'() {
    const file = uri().fsPath;
    fs.appendFileSync(file, '{"contents":[,]}\n');
    await findings(uri());
    await command('workbench.action.closeAllEditors');
    await until('no finding', () => listed(uri()).length === 0, vscode.languages.onDidChangeDiagnostics);
    // Nothing, such as the summary page, may bring them back. The findings of a file that is opened later come after
    // everything that is still in progress.
    const later = fileIn('later.jsonl');
    fs.copyFileSync(file, later.fsPath);
    await command('vscode.open', later);
    await findings(later);
    assert.deepEqual(listed(uri()), []);
  },
};
