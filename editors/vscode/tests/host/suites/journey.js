// What an author of datasets does, in a folder with the fixtures.

const fs = require('node:fs');
const { activeTab, assert, codeOf, command, fileIn, findings, foundOnCommandLine, listed, open, ours, serverProcesses, settled, until, vscode } = require('../support');

const BROKEN = 'video-broken.jsonl';
const OPENAI_BROKEN = 'openai-broken.jsonl';
const onDisk = (name) => fs.readFileSync(fileIn(name).fsPath, 'utf8');
const has = (code) => (found) => found.some((diagnostic) => codeOf(diagnostic) === code);
const lacks = (code) => (found) => found.length > 0 && !has(code)(found);

/** Undoes the last edit, and waits until the text is the one on disk. */
async function undo(document, name) {
  await command('undo');
  await until('the text is as before', () => document.getText() === onDisk(name), vscode.workspace.onDidChangeTextDocument);
}

/** Writes a training file at LOW and a validation file at MEDIUM into a new folder. */
function writeDataset(folder) {
  fs.mkdirSync(fileIn(folder).fsPath);
  for (const [name, resolution] of [['train', 'LOW'], ['validation', 'MEDIUM']]) {
    const fileData = { fileUri: `gs://clips/${name}.mp4`, mimeType: 'video/mp4' };
    const contents = [{ role: 'user', parts: [{ fileData }] }, { role: 'model', parts: [{ text: 'Goal' }] }];
    const example = { contents, generationConfig: { mediaResolution: `MEDIA_RESOLUTION_${resolution}` } };
    fs.writeFileSync(fileIn(`${folder}/${name}.jsonl`).fsPath, `${JSON.stringify(example)}\n`);
  }
}

async function actionsAt(uri, range, kind) {
  const found = await command('vscode.executeCodeActionProvider', uri, range, kind.value, 100);
  return found.filter((action) => action.kind && kind.contains(action.kind));
}

module.exports = {
  async 'the extension is the packaged one and VS Code is new enough for it'() {
    const extension = vscode.extensions.getExtension('tuning-ls.tuning-ls');
    const floor = extension.packageJSON.engines.vscode.replace('^', '').split('.').map(Number);
    const version = vscode.version.split('.').map(Number);
    assert.ok(version[0] > floor[0] || version[1] >= floor[1], vscode.version);
    assert.ok(fs.statSync(`${extension.extensionPath}/server/tuning-ls`).mode & 0o100);
    for (const { media } of extension.packageJSON.contributes.walkthroughs[0].steps) {
      assert.ok(fs.existsSync(`${extension.extensionPath}/${media.image}`), media.image);
    }
    const commands = extension.packageJSON.contributes.commands.map(({ command }) => command);
    assert.ok(commands.includes('tuning-ls.setSharedValue'));
    assert.ok(!commands.includes('tuning-ls.setMediaResolution'), 'the former name is not in the palette');
    assert.deepEqual(serverProcesses(), [], 'nothing is started before a dataset is opened');
  },

  async 'a broken dataset gets what the command line finds, at the same places'() {
    const { document, uri } = await open(fileIn(BROKEN));
    assert.equal(document.languageId, 'jsonl');
    const comma = (await findings(uri, has('trailing-comma'))).find((found) => codeOf(found) === 'trailing-comma');
    assert.deepEqual(listed(uri), foundOnCommandLine(uri));
    assert.equal(comma.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual(comma.range, new vscode.Range(1, 130, 1, 131));
    assert.equal(document.getText(comma.range), ',');
    assert.equal(serverProcesses().length, 1);
  },

  async 'two files in one window are each checked by their own format'() {
    const { uri } = await open(fileIn(BROKEN));
    await findings(uri, has('trailing-comma'));
    const beside = await vscode.window.showTextDocument(fileIn(OPENAI_BROKEN), { viewColumn: vscode.ViewColumn.Beside });
    const other = beside.document.uri;
    await findings(other, has('multi-line-example'));
    assert.equal(vscode.window.visibleTextEditors.length, 2);
    for (const file of [other, uri]) assert.deepEqual(listed(file), foundOnCommandLine(file));
    assert.equal(serverProcesses().length, 1);
    await command('workbench.action.closeEditorsAndGroup');
  },

  async 'clean datasets and logs have no findings'() {
    for (const name of ['video-clean.jsonl', 'openai-chat.jsonl', 'service-log.jsonl', 'images-crlf.jsonl']) {
      const { editor, uri } = await open(fileIn(name));
      // Insert a fault and remove it again, to know that the server has checked the file.
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '['));
      await findings(uri);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await findings(uri, (found) => found.length === 0);
    }
  },

  async 'the code of a finding links to its page'() {
    const [found] = await findings(fileIn(BROKEN), has('trailing-comma'));
    const page = fs.readFileSync(found.code.target.fsPath, 'utf8');
    assert.ok(page.startsWith(`# ${codeOf(found)}\n`));
  },

  async 'a quick fix fixes its finding and can be undone'() {
    const { document, uri } = await open(fileIn(BROKEN));
    const comma = (await findings(uri, has('trailing-comma'))).find((found) => codeOf(found) === 'trailing-comma');
    const actions = await actionsAt(uri, comma.range, vscode.CodeActionKind.QuickFix);
    const fix = actions.find((action) => action.isPreferred);
    assert.ok(fix, actions.map((action) => action.title).join(', '));
    await vscode.workspace.applyEdit(fix.edit);
    await findings(uri, lacks('trailing-comma'));
    const lines = onDisk(BROKEN).split('\n');
    assert.equal(document.lineAt(1).text, lines[1].slice(0, 130) + lines[1].slice(131), 'one byte was removed');
    await undo(document, BROKEN);
    await findings(uri, has('trailing-comma'));
  },

  async 'fix all applies the safe fixes once and can be undone'() {
    const { document, uri } = await open(fileIn(BROKEN));
    await findings(uri, has('trailing-comma'));
    await command('tuning-ls.fixAll');
    await findings(uri, lacks('trailing-comma'));
    const fixed = document.getText();
    assert.equal(document.lineCount, onDisk(BROKEN).split('\n').length);
    await command('tuning-ls.fixAll');
    assert.equal(document.getText(), fixed, 'a second time changes nothing');
    await undo(document, BROKEN);
    await findings(uri, has('trailing-comma'));
  },

  async 'an example is edited as a document of its own and written back'() {
    const { document, editor, uri } = await open(fileIn('video-clean.jsonl'));
    await settled(uri);
    editor.selection = new vscode.Selection(2, 60, 2, 60);
    await command('tuning-ls.openExample');
    const view = await until('the view', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === 'tuning-ls-example' && active;
    }, vscode.window.onDidChangeActiveTextEditor);
    const shown = view.document.getText();
    assert.ok(shown.startsWith('// video-clean.jsonl, line 3, example 3 of 100\n{\n  "contents": [\n'), shown);
    assert.equal(view.document.languageId, 'tuning-example');
    // Findings in the places of the view.
    const role = view.document.positionAt(shown.indexOf('"model"'));
    const roleRange = new vscode.Range(role, role.translate(0, 7));
    await view.edit((edit) => edit.replace(roleRange, '"assistant"'));
    const found = (await findings(view.document.uri, has('unknown-role'))).find((it) => codeOf(it) === 'unknown-role');
    assert.equal(view.document.getText(found.range), '"assistant"');
    const fix = (await actionsAt(view.document.uri, found.range, vscode.CodeActionKind.QuickFix)).find((action) => action.isPreferred);
    await vscode.workspace.applyEdit(fix.edit);
    await until('the text is as before', () => view.document.getText() === shown);
    await until('no findings', () => ours(view.document.uri).length === 0, vscode.languages.onDidChangeDiagnostics);
    // A real line break in a text.
    const text = view.document.positionAt(shown.lastIndexOf('"text": "') + '"text": "'.length);
    await view.edit((edit) => edit.insert(text, 'new\n'));
    assert.ok(await view.document.save());
    const lines = document.getText().split('\n');
    assert.equal(lines[2].replace('new\\n', ''), onDisk('video-clean.jsonl').split('\n')[2]);
    assert.notEqual(document.getText(), onDisk('video-clean.jsonl'));
    lines[2] = onDisk('video-clean.jsonl').split('\n')[2];
    assert.equal(lines.join('\n'), onDisk('video-clean.jsonl'), 'the other lines');
    await command('tuning-ls.nextExample');
    const next = await until('the next example', () => {
      const active = vscode.window.activeTextEditor?.document;
      return active?.getText().startsWith('// video-clean.jsonl, line 4, example 4 of 100') && active;
    }, vscode.window.onDidChangeActiveTextEditor);
    assert.notEqual(next.uri.toString(), view.document.uri.toString());
    await command('tuning-ls.goToExampleLine');
    await until('the line', () => vscode.window.activeTextEditor?.document === document, vscode.window.onDidChangeActiveTextEditor);
    assert.equal(vscode.window.activeTextEditor.selection.active.line, 3);
    await undo(document, 'video-clean.jsonl');
    await command('workbench.action.closeAllEditors');
  },

  async 'pretty-printed examples become lines'() {
    const { document, uri } = await open(fileIn('video-pretty.jsonl'));
    await findings(uri, has('multi-line-example'));
    await command('tuning-ls.fixAll');
    await until('no finding is left', () => ours(uri).every((found) => found.severity > vscode.DiagnosticSeverity.Warning), vscode.languages.onDidChangeDiagnostics);
    const lines = document.getText().trimEnd().split('\n');
    lines.forEach((line) => assert.ok(JSON.parse(line).contents));
    await undo(document, 'video-pretty.jsonl');
  },

  async 'normalizing makes every line canonical'() {
    const { document, editor } = await open(fileIn('video-clean.jsonl'));
    const second = document.lineAt(1).text;
    const loose = second.replace('{"contents":', '{ "contents" : ');
    assert.notEqual(loose, second);
    await editor.edit((edit) => edit.replace(document.lineAt(1).range, loose));
    await command('tuning-ls.normalizeFile');
    assert.equal(document.lineAt(1).text, second);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  async 'formatting changes white space only'() {
    const { document, editor } = await open(fileIn('video-clean.jsonl'));
    const first = document.lineAt(0).text;
    await editor.edit((edit) => edit.replace(document.lineAt(0).range, first.replaceAll(',"', ' , "')));
    await command('editor.action.formatDocument');
    await until('the line is compact', () => document.lineAt(0).text === first, vscode.workspace.onDidChangeTextDocument);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  async 'one value is set on all lines, also by the former name of the command'() {
    const { document } = await open(fileIn('video-clean.jsonl'));
    for (const [name, value] of [['setSharedValue', 'MEDIA_RESOLUTION_MEDIUM'], ['setMediaResolution', 'MEDIA_RESOLUTION_HIGH']]) {
      await command(`tuning-ls.${name}`, value);
      const values = new Set(document.getText().trimEnd().split('\n').map((line) => JSON.parse(line).generationConfig.mediaResolution));
      assert.deepEqual([...values], [value]);
      await command(`tuning-ls.${name}`, value);
      assert.equal(document.isDirty, true);
    }
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  async 'a file that is not a dataset is never changed'() {
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: 'some text' });
    await vscode.window.showTextDocument(document);
    for (const name of ['newExample', 'fixAll', 'normalizeFile']) await command(`tuning-ls.${name}`);
    assert.equal(document.getText(), 'some text');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  },

  async 'hover explains a field and a value'() {
    const { document, uri } = await open(fileIn('video-clean.jsonl'));
    await settled(uri);
    const at = document.positionAt(document.getText().indexOf('mediaResolution') + 3);
    const [hover] = await command('vscode.executeHoverProvider', uri, at);
    assert.match(hover.contents.map((content) => content.value ?? content).join('\n'), /mediaResolution/);
  },

  async 'a value is completed and inserted'() {
    const { document, editor, uri } = await open(fileIn('video-clean.jsonl'));
    const end = document.lineCount - 1;
    await editor.edit((edit) => edit.insert(new vscode.Position(end, 0), '{"contents":[{"role":"'));
    const at = new vscode.Position(end, 22);
    const list = await until('completions', async () => {
      const list = await command('vscode.executeCompletionItemProvider', uri, at, '"');
      return list.items.some((item) => (item.label.label ?? item.label) === 'model') && list;
    });
    assert.deepEqual(list.items.map((item) => item.label.label ?? item.label), ['user', 'model'], 'no words of other lines');
    editor.selection = new vscode.Selection(at, at);
    await command('editor.action.triggerSuggest');
    await until('the first is inserted', async () => {
      await command('acceptSelectedSuggestion');
      return document.lineAt(end).text.startsWith('{"contents":[{"role":"user"');
    });
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  async 'a new example is offered below the line and inserted, in the format of the file'() {
    for (const [name, key] of [['video-clean.jsonl', 'contents'], ['openai-chat.jsonl', 'messages']]) {
      const { document, editor, uri } = await open(fileIn(name));
      await settled(uri);
      const lines = document.lineCount;
      editor.selection = new vscode.Selection(0, 5, 0, 5);
      await command('tuning-ls.newExample');
      assert.equal(document.lineCount, lines + 1);
      assert.equal(editor.selection.active.line, 1);
      const { items } = await command('vscode.executeCompletionItemProvider', uri, editor.selection.active);
      assert.equal(items[0].label.label ?? items[0].label, 'next example');
      await until('the first is inserted', async () => {
        await command('acceptSelectedSuggestion');
        return document.lineAt(1).text.length > 20;
      });
      assert.equal(document.lineCount, lines + 1, 'an example is one line');
      assert.ok(JSON.parse(document.lineAt(1).text)[key]);
      await command('leaveSnippet');
      // Insert a fault and remove it again, to know that the server has checked the line.
      // The example has places to fill in, which have findings of their own.
      const onLine = (found) => found.some(({ code, range }) => range.start.line === 1 && (code.value ?? code) === 'unclosed');
      await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '['));
      await findings(uri, onLine);
      await editor.edit((edit) => edit.delete(new vscode.Range(1, 0, 1, 1)));
      await findings(uri, (found) => !onLine(found));
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  },

  async 'a rule is explained by its code and by the cursor'() {
    await command('tuning-ls.explainRule', 'drop-rate');
    await until(`the page of drop-rate is shown, not ${activeTab()?.label}`, () => /drop-rate/.test(activeTab()?.label), vscode.window.tabGroups.onDidChangeTabs);
    const { editor, uri } = await open(fileIn(BROKEN));
    const comma = (await findings(uri, has('trailing-comma'))).find((found) => codeOf(found) === 'trailing-comma');
    editor.selection = new vscode.Selection(comma.range.start, comma.range.start);
    await command('tuning-ls.explainRule');
    await until('the page is shown', () => /trailing-comma/.test(activeTab()?.label), vscode.window.tabGroups.onDidChangeTabs);
  },

  async 'the summary of a dataset is a page that follows its changes'() {
    const { document, uri } = await open(fileIn('video-too-long.jsonl'));
    await findings(uri, has('drop-rate'));
    await command('tuning-ls.showDatasetSummary');
    await until('the page is shown', () => /Summary of video-too-long/.test(activeTab()?.label), vscode.window.tabGroups.onDidChangeTabs);
    const page = await until('the page is there', () => vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'tuning-ls-summary'));
    assert.match(page.getText(), /^# video-too-long\.jsonl\n\n- examples: 20\n/);
    assert.match(page.getText(), /3 \(15\.0%\): \*\*the job fails\*\*/);
    const again = await vscode.window.showTextDocument(document);
    await again.edit((edit) => edit.delete(new vscode.Range(0, 0, 1, 0)));
    await until('the page follows', () => /- examples: 19\n/.test(page.getText()), vscode.workspace.onDidChangeTextDocument);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  async 'a changed setting takes effect at once'() {
    const uri = fileIn(BROKEN);
    await open(uri);
    await findings(uri, has('trailing-comma'));
    const processes = serverProcesses();
    const settings = vscode.workspace.getConfiguration('tuning-ls');
    await settings.update('rules', { 'trailing-comma': 'off' }, vscode.ConfigurationTarget.Workspace);
    await findings(uri, lacks('trailing-comma'));
    await settings.update('rules', { 'trailing-comma': 'hint' }, vscode.ConfigurationTarget.Workspace);
    const found = (await findings(uri, has('trailing-comma'))).find((found) => codeOf(found) === 'trailing-comma');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Hint);
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await findings(uri, (found) => found.some((found) => codeOf(found) === 'trailing-comma' && found.severity === 0));
    assert.deepEqual(serverProcesses(), processes, 'without a restart');
  },

  async 'a dataset of two files is fixed from one of them'() {
    writeDataset('mixed');
    const { uri } = await open(fileIn('mixed/train.jsonl'));
    const mixed = (found) => codeOf(found) === 'mixed-media-resolution';
    const finding = (await findings(uri, has('mixed-media-resolution'))).find(mixed);
    assert.match(finding.message, /MEDIA_RESOLUTION_MEDIUM.*validation\.jsonl|validation\.jsonl.*MEDIA_RESOLUTION_MEDIUM/);
    const [{ location }] = finding.relatedInformation;
    assert.equal(location.uri.fsPath, fileIn('mixed/validation.jsonl').fsPath);
    await vscode.window.showTextDocument(location.uri, { selection: location.range });
    assert.equal(activeTab().label, 'validation.jsonl');
    await command('workbench.action.closeActiveEditor');
    const { document } = await open(uri);
    const set = async (value) => {
      const actions = await actionsAt(uri, finding.range, vscode.CodeActionKind.QuickFix);
      const title = `Set mediaResolution to ${value} in the whole dataset`;
      const action = actions.find((action) => action.title === title);
      assert.ok(action, actions.map((action) => action.title).join(', '));
      assert.ok(await vscode.workspace.applyEdit(action.edit));
      await findings(uri, (found) => !found.some(mixed));
    };
    await set('MEDIA_RESOLUTION_MEDIUM');
    assert.equal(document.getText(), onDisk('mixed/train.jsonl').replace('RESOLUTION_LOW', 'RESOLUTION_MEDIUM'));
    await undo(document, 'mixed/train.jsonl');
    await findings(uri, has('mixed-media-resolution'));
    // The other value has to be set in the file that is not in view.
    await set('MEDIA_RESOLUTION_LOW');
    const other = await open(location.uri);
    assert.equal(other.document.getText(), onDisk('mixed/validation.jsonl').replace('RESOLUTION_MEDIUM', 'RESOLUTION_LOW'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },

  async 'the settings of a project take effect when they are saved, without a restart'() {
    writeDataset('settings');
    const { uri } = await open(fileIn('settings/train.jsonl'));
    await findings(uri, has('mixed-media-resolution'));
    const processes = serverProcesses();
    const toml = fileIn('settings/tuning-ls.toml');
    const write = (level) => fs.writeFileSync(toml.fsPath, `[rules]\nmixed-media-resolution = "${level}"\n`);
    write('off');
    await findings(uri, (found) => !has('mixed-media-resolution')(found));
    write('of');
    await findings(toml, has('bad-config'));
    await findings(uri, has('mixed-media-resolution'));
    write('hint');
    await findings(toml, (found) => found.length === 0);
    await findings(uri, (found) => found.some((found) => codeOf(found) === 'mixed-media-resolution' && found.severity === vscode.DiagnosticSeverity.Hint));
    fs.rmSync(toml.fsPath);
    await findings(uri, (found) => found.some((found) => codeOf(found) === 'mixed-media-resolution' && found.severity === vscode.DiagnosticSeverity.Warning));
    assert.deepEqual(serverProcesses(), processes);
  },

  async 'diagnosticMode workspace lists files that are not open'() {
    const uri = fileIn('broken/clips.jsonl');
    fs.mkdirSync(fileIn('broken').fsPath);
    fs.copyFileSync(fileIn(BROKEN).fsPath, uri.fsPath);
    await open(fileIn('video-clean.jsonl'));
    const settings = vscode.workspace.getConfiguration('tuning-ls');
    await settings.update('diagnosticMode', 'workspace', vscode.ConfigurationTarget.Workspace);
    await findings(uri, has('trailing-comma'));
    assert.deepEqual(listed(uri), foundOnCommandLine(uri));
    await settings.update('diagnosticMode', undefined, vscode.ConfigurationTarget.Workspace);
    await findings(uri, (found) => found.length === 0);
  },

  async 'a file with another extension is a dataset if a pattern matches it'() {
    const uri = fileIn('examples.dataset');
    fs.copyFileSync(fileIn(BROKEN).fsPath, uri.fsPath);
    const { document } = await open(uri);
    assert.notEqual(document.languageId, 'jsonl');
    const settings = vscode.workspace.getConfiguration('tuning-ls');
    await settings.update('files.patterns', ['**/*.dataset'], vscode.ConfigurationTarget.Workspace);
    await findings(uri, has('trailing-comma'));
    await settings.update('files.patterns', undefined, vscode.ConfigurationTarget.Workspace);
    await until('it is no dataset again', () => ours(uri).length === 0, vscode.languages.onDidChangeDiagnostics);
  },

  async 'a document without a file is checked'() {
    const content = '{"contents":[{"role":"user","parts":[{"text":"Hi",}]}]}\n';
    const document = await vscode.workspace.openTextDocument({ language: 'jsonl', content });
    await vscode.window.showTextDocument(document);
    await findings(document.uri, has('trailing-comma'));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  },

  async 'the server is restarted on command, and by itself when it dies'() {
    const uri = fileIn(BROKEN);
    await open(uri);
    await findings(uri, has('trailing-comma'));
    const restarted = async (how) => {
      const [before] = serverProcesses();
      await how(before);
      await until('another server', () => serverProcesses().some((id) => id !== before));
      await findings(uri, has('trailing-comma'));
      await until('the old one is gone', () => serverProcesses().length === 1);
    };
    await restarted(() => command('tuning-ls.restartServer'));
    await restarted((id) => process.kill(Number(id), 'SIGKILL'));
    await until('as on the command line', () => String(listed(uri)) === String(foundOnCommandLine(uri)));
    const settings = vscode.workspace.getConfiguration('tuning-ls');
    await settings.update('rules', { 'unknown-role': 'off' }, vscode.ConfigurationTarget.Workspace);
    await findings(uri, lacks('unknown-role'));
    await restarted((id) => process.kill(Number(id), 'SIGKILL'));
    await findings(uri, (found) => has('trailing-comma')(found) && lacks('unknown-role')(found));
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await findings(uri, has('unknown-role'));
  },

  async 'only JSON Lines files get the editor settings for them'() {
    const editor = (languageId) => vscode.workspace.getConfiguration('editor', { languageId });
    const help = editor('jsonl');
    assert.equal(help.get('wordWrap'), 'on');
    assert.equal(help.get('quickSuggestions').strings, 'on');
    assert.equal(help.get('wordBasedSuggestions'), 'off');
    assert.equal(help.get('suggest.snippetsPreventQuickSuggestions'), true);
    assert.equal(help.get('stopRenderingLineAfter'), 100_000);
    assert.equal(help.get('maxTokenizationLineLength'), 200_000);
    assert.equal(help.get('unusualLineTerminators'), 'off');
    assert.equal(help.get('formatOnSave'), false);
    assert.equal(editor('json').get('wordWrap'), 'off');
  },
};
