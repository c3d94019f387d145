// Commands that change the dataset in view. They apply code actions of the server, so the edits are the same in every
// editor.

import * as vscode from 'vscode';
import type { Client } from './client';
import { datasetInView, documentOf } from './datasets';
import type { DatasetSummary } from './figures';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('tuning-ls');
const NORMALIZE = vscode.CodeActionKind.Source.append('normalize.tuning-ls');
const SET_SHARED = vscode.CodeActionKind.Source.append('setShared.tuning-ls');

/** The detail of completions that are whole examples. */
const TEMPLATE = 'whole example';

export const OPEN_A_DATASET = 'Open a dataset first, a file whose name ends in .jsonl or .ndjson.';
const TOO_LARGE = 'This file is too large: VS Code does not pass its text to extensions. tuning-ls can check it, but not change it.';
export const CHANGED_MEANWHILE = 'Nothing was changed, because the text changed in the meantime. Try again.';

export function fixAll(client: Client): Promise<void> {
  return apply(client, FIX_ALL, 'No finding has a safe fix.', 'Fixed');
}

export function normalizeFile(client: Client): Promise<void> {
  return apply(client, NORMALIZE, 'All lines are already normalized.', 'Normalized all lines and fixed');
}

/** Sets the value that all examples of a file must share, to `value` or to one that the user picks. */
export function setSharedValue(client: Client, value?: string): Promise<void> {
  return apply(client, SET_SHARED, 'All examples already have this value.', 'Set the value on all lines and fixed', async (actions) => {
    if (value) {
      return actions.find((action) => action.title.includes(value)) ?? 'none';
    }
    const items = actions.map((action) => ({ label: action.title, action }));
    return (await vscode.window.showQuickPick(items))?.action;
  });
}

/** Opens an empty line and offers whole examples there. */
export async function newExample(client: Client): Promise<void> {
  const document = textInView();
  if (!document || !(await runs(client))) {
    return;
  }
  const editor = await vscode.window.showTextDocument(document);
  const line = document.lineAt(editor.selection.active.line);
  let place = line.range.end;
  if (!line.isEmptyOrWhitespace) {
    const end = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    if (!(await editor.edit((edit) => edit.insert(place, end)))) {
      return;
    }
    place = new vscode.Position(line.lineNumber + 1, 0);
  }
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(editor.selection);
  await vscode.commands.executeCommand('editor.action.triggerSuggest');
}

/** Opens an untitled dataset that begins with an example of the kind that the user picks. */
export async function newDataset(client: Client): Promise<void> {
  if (!(await runs(client))) {
    return;
  }
  const document = await vscode.workspace.openTextDocument({ language: 'jsonl', content: '' });
  const start = new vscode.Position(0, 0);
  const command = 'vscode.executeCompletionItemProvider';
  const offered = await vscode.commands.executeCommand<vscode.CompletionList>(command, document.uri, start);
  const templates = offered.items.filter((item) => item.detail === TEMPLATE);
  const items = templates.map((item) => ({ label: textOf(item.label), item }));
  const placeHolder = 'What kind of examples will the dataset have?';
  const chosen = items.length > 0 ? await vscode.window.showQuickPick(items, { placeHolder }) : undefined;
  if (items.length > 0 && !chosen) {
    return;
  }
  const editor = await vscode.window.showTextDocument(document);
  const text = chosen?.item.insertText;
  if (text) {
    await editor.insertSnippet(typeof text === 'string' ? new vscode.SnippetString().appendText(text) : text, start);
  }
}

function textOf(label: string | vscode.CompletionItemLabel): string {
  return typeof label === 'string' ? label : label.label;
}

/** Starts the server if needed. Returns whether it runs; if not, shows the reason. */
export async function runs(client: Client): Promise<boolean> {
  await client.ensureStarted();
  if (client.state.kind === 'failed') {
    void vscode.window.showErrorMessage(client.state.message);
  }
  return client.state.kind === 'running';
}

/** The text of the dataset in view. If there is none, shows the reason. */
function textInView(): vscode.TextDocument | undefined {
  const uri = datasetInView();
  const document = uri && documentOf(uri);
  if (!document) {
    void vscode.window.showInformationMessage(uri ? TOO_LARGE : OPEN_A_DATASET);
  }
  return document;
}

/** The chosen action; `none` if no action fits; `undefined` if the user canceled. */
type Choice = vscode.CodeAction | 'none' | undefined;

/** Applies an action of this kind to the whole file, the only one or the one that `choose` returns, and says what was done. */
async function apply(
  client: Client,
  kind: vscode.CodeActionKind,
  nothing: string,
  done: string,
  choose = async (actions: vscode.CodeAction[]): Promise<Choice> => actions[0] ?? 'none',
): Promise<void> {
  const document = textInView();
  if (!document || !(await runs(client))) {
    return;
  }
  const offered = await actionsOf(document, kind, 0);
  const chosen = offered.length > 0 ? await choose(offered) : 'none';
  if (!chosen) {
    return;
  }
  const version = document.version;
  const before = await findings(client, document);
  const resolved = chosen === 'none' ? [] : await actionsOf(document, kind, offered.length);
  const edit = resolved.find((action) => chosen !== 'none' && action.title === chosen.title)?.edit;
  if (chosen === 'none' || edit?.size === 0) {
    vscode.window.setStatusBarMessage(nothing, 5_000);
  } else if (!edit || document.version !== version || !(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showWarningMessage(CHANGED_MEANWHILE);
  } else {
    const left = await findings(client, document);
    const fixed = Math.max(0, before - left);
    vscode.window.setStatusBarMessage(`${done} ${fixed} ${fixed === 1 ? 'finding' : 'findings'}, ${left} left.`, 8_000);
  }
}

/** The number of findings of a document. */
async function findings(client: Client, document: vscode.TextDocument): Promise<number> {
  const asked = { uri: client.uri(document.uri) };
  const summary = await client.request<DatasetSummary>('tuning-ls/datasetSummary', asked);
  return Object.values(summary?.findings ?? {}).reduce((sum, count) => sum + count, 0);
}

async function actionsOf(
  document: vscode.TextDocument,
  kind: vscode.CodeActionKind,
  resolved: number,
): Promise<vscode.CodeAction[]> {
  const start = new vscode.Range(0, 0, 0, 0);
  const command = 'vscode.executeCodeActionProvider';
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(command, document.uri, start, kind.value, resolved);
  // Other extensions can offer actions of this kind, too.
  return found.filter((action) => action.kind && kind.contains(action.kind));
}
