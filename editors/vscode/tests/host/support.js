// Helpers of the suites: waiting for events, opening documents, reading diagnostics.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

/** How long to wait for anything, in milliseconds. Test machines can be slow. */
const PATIENCE = 60_000;

/** Waits until `look` returns something. Calls it after each event, and periodically in case there is no event. */
async function until(what, look, ...events) {
  const found = await look();
  if (found) return found;
  return new Promise((resolve, reject) => {
    const again = async () => {
      try {
        const found = await look();
        if (found) done(resolve, found);
      } catch (error) {
        done(reject, error);
      }
    };
    const done = (settle, value) => {
      clearTimeout(late);
      clearInterval(timer);
      subscriptions.forEach((subscription) => subscription.dispose());
      settle(value);
    };
    const late = setTimeout(() => done(reject, new Error(`timed out: ${what}`)), PATIENCE);
    const timer = setInterval(again, 200);
    const subscriptions = events.map((event) => event(again));
  });
}

/**
 * Runs a command. VS Code cancels its own provider commands while extensions are still starting, so those are retried. If
 * a command of the extension is canceled, the test fails.
 */
async function command(name, ...parameters) {
  for (let tries = 0; ; tries++) {
    try {
      return await vscode.commands.executeCommand(name, ...parameters);
    } catch (error) {
      if (tries > 20 || !name.startsWith('vscode.execute') || !/cancell?ed/i.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

const folder = () => vscode.workspace.workspaceFolders[0].uri;
const fileIn = (name) => vscode.Uri.joinPath(folder(), name);

async function open(uri) {
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  return { document, editor, uri: document.uri };
}

const codeOf = (diagnostic) => String(diagnostic.code?.value ?? diagnostic.code);
const ours = (uri) => vscode.languages.getDiagnostics(uri).filter((found) => found.source === 'tuning-ls');

/** Waits for the findings of a file: for any, or until `accept` returns true. */
function findings(uri, accept = (found) => found.length > 0) {
  const look = () => {
    const found = ours(uri);
    return accept(found) && found;
  };
  return until(`findings of ${uri.path}: ${accept}`, look, vscode.languages.onDidChangeDiagnostics);
}

/** Waits until the server has processed the current version of a document. */
async function settled(uri) {
  await until('the server', () => command('vscode.executeHoverProvider', uri, new vscode.Position(0, 2)).then((found) => found.length > 0));
}

/** The server in the extension. */
function bundledServer() {
  return path.join(vscode.extensions.getExtension('tuning-ls.tuning-ls').extensionPath, 'server/tuning-ls');
}

/** The findings of `tuning-ls check` as `line:column severity code`, 1-based. */
function foundOnCommandLine(uri) {
  let printed;
  try {
    printed = execFileSync(bundledServer(), ['check', uri.fsPath], { encoding: 'utf8' });
  } catch (error) {
    assert.equal(error.status, 1, String(error));
    printed = error.stdout;
  }
  const pattern = /^.*?:(\d+):(\d+): (\w+)\[([\w-]+)\]/gm;
  return [...printed.matchAll(pattern)].map(([, line, column, severity, code]) => `${line}:${column} ${severity} ${code}`).sort();
}

/** The diagnostics in VS Code, in the same form. */
function listed(uri) {
  const severities = ['error', 'warning', 'information', 'hint'];
  const place = ({ range, severity, code }) => `${range.start.line + 1}:${range.start.character + 1} ${severities[severity]} ${codeOf({ code })}`;
  return ours(uri).map(place).sort();
}

/** The process IDs of the servers that this extension host started. */
function serverProcesses() {
  const processes = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((id) => {
    try {
      const [program] = fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
      const parent = /^\d+ \(.*\) \w (\d+)/.exec(fs.readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1];
      return program.endsWith('/tuning-ls') && parent === String(process.pid);
    } catch {
      return false; // It has ended in the meantime.
    }
  });
}

const activeTab = () => vscode.window.tabGroups.activeTabGroup.activeTab;

module.exports = { activeTab, assert, bundledServer, codeOf, command, fileIn, findings, folder, foundOnCommandLine, listed, open, ours, serverProcesses, settled, until, vscode };
