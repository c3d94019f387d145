// The entry point of the extension. Nothing starts until a dataset is opened.

import * as vscode from 'vscode';
import { Client } from './client';
import * as commands from './commands';
import { datasetInView, isDataset } from './datasets';
import { Examples } from './examples';
import { Figures } from './figures';
import { LargeFiles } from './largeFiles';
import { explainRule, SummaryPages } from './pages';
import { PasteExamples } from './paste';
import { PreviewPanel } from './preview';
import { Status } from './status';

let client: Client | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const server = (client = new Client(context));
  const figures = new Figures(server);
  const status = new Status(server, figures);
  const largeFiles = new LargeFiles(server, figures);
  const summaries = new SummaryPages(figures);
  const examples = new Examples(server);
  const paste = new PasteExamples(server);
  const preview = new PreviewPanel(server, context);
  const register = vscode.commands.registerCommand;

  const look = (): void => {
    if (vscode.workspace.textDocuments.some(isDataset)) {
      void server.ensureStarted();
    }
    void vscode.commands.executeCommand('setContext', 'tuning-ls.isDataset', datasetInView() !== undefined);
    status.refresh();
  };

  context.subscriptions.push(
    server,
    figures,
    status,
    largeFiles,
    summaries,
    examples,
    paste,
    preview,
    register('tuning-ls.restartServer', () => server.restart()),
    register('tuning-ls.showLog', () => server.log.show()),
    register('tuning-ls.explainRule', (code?: string) => explainRule(server, code)),
    register('tuning-ls.showDatasetSummary', () => summaries.show()),
    register('tuning-ls.fixAll', () => commands.fixAll(server)),
    register('tuning-ls.normalizeFile', () => commands.normalizeFile(server)),
    register('tuning-ls.setSharedValue', (value?: string) => commands.setSharedValue(server, value)),
    // The former name, for existing key bindings.
    register('tuning-ls.setMediaResolution', (value?: string) => commands.setSharedValue(server, value)),
    register('tuning-ls.newDataset', () => commands.newDataset(server)),
    register('tuning-ls.newExample', () => examples.create()),
    register('tuning-ls.openExample', () => examples.open()),
    register('tuning-ls.previewExample', () => preview.open()),
    register('tuning-ls.nextExample', () => examples.open('next')),
    register('tuning-ls.previousExample', () => examples.open('previous')),
    register('tuning-ls.nextExampleWithFinding', () => examples.open('nextFinding')),
    register('tuning-ls.previousExampleWithFinding', () => examples.open('previousFinding')),
    register('tuning-ls.duplicateExample', () => examples.duplicate()),
    register('tuning-ls.goToExampleLine', () => examples.goToLine()),
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.window.tabGroups.onDidChangeTabs(look),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      const patterns = change.affectsConfiguration('tuning-ls.files.patterns');
      if (patterns || change.affectsConfiguration('tuning-ls.server.path')) {
        status.select();
        paste.select();
        if (server.state.kind !== 'idle') {
          await server.restart();
        }
        look();
        largeFiles.look();
      } else if (change.affectsConfiguration('tuning-ls')) {
        await server.sendSettings();
        largeFiles.checkAll();
      }
    }),
    server.onStateChanged((state) => {
      if (state.kind === 'running') {
        largeFiles.checkAll();
        status.refresh();
      }
    }),
  );
  look();
}

export async function deactivate(): Promise<void> {
  await client?.end();
}
