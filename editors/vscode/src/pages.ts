// Preview pages: the rule pages, which the server keeps as files, and the summaries of datasets, which are updated
// whenever the findings change.

import * as vscode from 'vscode';
import type { Client } from './client';
import { OPEN_A_DATASET, runs } from './commands';
import { datasetInView, nameOf } from './datasets';
import type { Figures } from './figures';

const SCHEME = 'tuning-ls-summary';

/** One rule in the result of `tuning-ls/rules`. */
interface Rule {
  code: string;
  family: string;
  summary: string;
  page: string | null;
}

/** Provides the summaries of datasets as virtual documents. */
export class SummaryPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  /** The pages that were shown, by dataset. */
  private readonly pages = new Map<string, vscode.Uri>();

  constructor(private readonly figures: Figures) {
    figures.onChanged((uri) => void this.follow(uri));
  }

  async provideTextDocumentContent(page: vscode.Uri): Promise<string> {
    const uri = vscode.Uri.parse(page.query, true);
    const { summary } = await this.figures.of(uri);
    return summary?.markdown ?? `# ${nameOf(uri)}\n\nThere are no figures for this file, because it is not open.\n`;
  }

  async show(): Promise<void> {
    const uri = datasetInView();
    if (!uri) {
      return void vscode.window.showInformationMessage(OPEN_A_DATASET);
    }
    const page = vscode.Uri.from({ scheme: SCHEME, path: `/${titleOf(uri)}.md`, query: uri.toString() });
    this.pages.set(uri.toString(), page);
    this.changed.fire(page);
    await preview(page);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private async follow(uri: vscode.Uri): Promise<void> {
    const page = this.pages.get(uri.toString());
    if (!page) {
      return;
    }
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    if (tabs.some((tab) => tab.label.includes(titleOf(uri)))) {
      // VS Code closes a document after some minutes if only a preview shows it.
      await vscode.workspace.openTextDocument(page);
      this.changed.fire(page);
    } else {
      this.pages.delete(uri.toString());
    }
  }
}

function titleOf(uri: vscode.Uri): string {
  return `Summary of ${nameOf(uri)}`;
}

/** Opens a rule page: of the given rule, of the finding at the cursor, or of a rule that the user picks. */
export async function explainRule(client: Client, code?: string): Promise<void> {
  if (!(await runs(client))) {
    return;
  }
  const rules = (await client.request<Rule[]>('tuning-ls/rules')) ?? [];
  const here = code ? [code] : codesAtCursor();
  let rule = rules.find((rule) => here.length === 1 && rule.code === here[0]);
  if (!rule) {
    const offered = here.length > 1 ? rules.filter((rule) => here.includes(rule.code)) : rules;
    const items = offered.map((rule) => ({ label: rule.code, description: rule.family, detail: rule.summary, rule }));
    const placeHolder = code ? `There is no rule ${code}` : 'Which rule?';
    rule = (await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true }))?.rule;
  }
  if (rule?.page) {
    await preview(vscode.Uri.parse(rule.page, true));
  } else if (rule) {
    const message = `The page of ${rule.code} could not be written to disk. Run \`tuning-ls explain ${rule.code}\` to print it.`;
    void vscode.window.showWarningMessage(message);
  }
}

/** The codes of the findings at the cursor. If there are none, of those on its line. */
function codesAtCursor(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    return [];
  }
  const cursor = editor.selection.active;
  const found = vscode.languages.getDiagnostics(editor.document.uri).filter((found) => found.source === 'tuning-ls');
  const at = found.filter((found) => found.range.contains(cursor));
  const near = at.length > 0 ? at : found.filter((found) => found.range.start.line === cursor.line);
  return [...new Set(near.map((found) => String(typeof found.code === 'object' ? found.code.value : found.code)))];
}

/** Shows a rendered page, or its source if VS Code cannot render it. */
async function preview(page: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    await vscode.window.showTextDocument(page, { preview: true });
  }
}
