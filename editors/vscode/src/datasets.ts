// Decides which files are datasets, and which one is in view.

import * as vscode from 'vscode';
import { filePattern } from './paths';

/** The scheme of the views of examples. */
export const VIEW = 'tuning-ls-example';

/** The documents that the server checks: JSON Lines, and files that match the patterns in the settings. */
export function datasetSelector(): ({ language: string } | { pattern: string })[] {
  const patterns = vscode.workspace.getConfiguration('tuning-ls').get<string[]>('files.patterns', []);
  return [{ language: 'jsonl' }, ...patterns.map((pattern) => ({ pattern: filePattern(pattern) }))];
}

export function isDataset(document: vscode.TextDocument): boolean {
  return vscode.languages.match(datasetSelector(), document) > 0;
}

/** Whether a file is a dataset by its name, for a file that is not open. */
export function isNamedAsDataset(uri: vscode.Uri): boolean {
  const languageId = /\.(jsonl|ndjson)$/i.test(uri.path) ? 'jsonl' : 'plaintext';
  return isDataset({ uri, fileName: uri.fsPath, languageId } as vscode.TextDocument);
}

/** The document of a file, if VS Code passes its text to extensions. */
export function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** The dataset in view, even if VS Code does not pass its text to extensions. */
export function datasetInView(): vscode.Uri | undefined {
  // The active text editor may belong to a panel.
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText ? input.uri : vscode.window.activeTextEditor?.document.uri;
  const document = uri && documentOf(uri);
  return uri && (document ? isDataset(document) : isNamedAsDataset(uri)) ? uri : undefined;
}

export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
