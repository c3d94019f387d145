// A file over the size that VS Code hands to extensions.

const fs = require('node:fs');
const { assert, codeOf, command, fileIn, findings, foundOnCommandLine, listed, until, vscode } = require('../support');

const uri = () => fileIn('large.jsonl');
const has = (code) => (found) => found.some((diagnostic) => codeOf(diagnostic) === code);

module.exports = {
  async 'VS Code does not hand it over, and its findings are there all the same'() {
    await command('vscode.open', uri());
    await findings(uri(), has('trailing-comma'));
    assert.ok(!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri().toString()));
    assert.deepEqual(listed(uri()), foundOnCommandLine(uri()));
  },

  async 'they come anew when it is saved'() {
    const file = uri().fsPath;
    const handle = fs.openSync(file, 'r+');
    const text = Buffer.alloc(4096);
    fs.readSync(handle, text, 0, text.length, 0);
    const at = text.indexOf(',}');
    fs.writeSync(handle, ' ', at);
    fs.closeSync(handle);
    // All its lines are the same, which stays a finding.
    await findings(uri(), (found) => has('duplicate-example')(found) && !has('trailing-comma')(found));
    assert.deepEqual(listed(uri()), foundOnCommandLine(uri()));
  },

  async 'its summary can be shown'() {
    await command('tuning-ls.showDatasetSummary');
    const page = await until('the page', () => vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'tuning-ls-summary'));
    assert.match(page.getText(), /^# large\.jsonl\n\n- examples: \d+\n/);
  },

  async 'they go when it is closed'() {
    const file = uri().fsPath;
    fs.appendFileSync(file, '{"contents":[,]}\n');
    await findings(uri());
    await command('workbench.action.closeAllEditors');
    await until('no finding', () => listed(uri()).length === 0, vscode.languages.onDidChangeDiagnostics);
    // Nothing brings them back, such as the page of its summary: what is still under way comes before the findings of
    // a file that is opened later.
    const later = fileIn('later.jsonl');
    fs.copyFileSync(file, later.fsPath);
    await command('vscode.open', later);
    await findings(later);
    assert.deepEqual(listed(uri()), []);
  },
};
