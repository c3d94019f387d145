// "Preview Example": the example at the cursor as a conversation, in a panel beside the editor. Videos play in their segment.
//
// The page in the panel only shows what it gets. It gets texts as data, never as HTML.

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Client } from './client';
import { CHANGED_MEANWHILE, OPEN_A_DATASET, runs } from './commands';
import { isDataset, VIEW } from './datasets';

interface Part {
  kind: string;
  range: { start: vscode.Position; end: vscode.Position };
  /** The location of a media file. */
  location?: string;
  /** The `file:` URI of its local copy. */
  file?: string;
}

interface Preview {
  title: string;
  uri: string;
  line: number;
  number: number;
  count: number;
  hasSegments: boolean;
  turns: { speaker: string | null; parts: Part[] }[];
}

/** A message from the page. */
interface Asked {
  kind: 'ready' | 'offsets';
  media?: number;
  start?: number;
  end?: number;
}

const TYPE = 'tuning-ls.preview';

/** How long the cursor must rest before the page follows it, in milliseconds. */
const REST = 100;

export class PreviewPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  /** What the page shows. */
  private shown: Preview | undefined;
  /** The folders whose files the page may show. */
  private readonly roots = new Map<string, vscode.Uri>();
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly client: Client,
    private readonly context: vscode.ExtensionContext,
  ) {
    this.subscriptions = [
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.follow(textEditor.document)),
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.follow(editor.document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.changed(document.uri)),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.changed(uri))),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.soon()),
    ];
  }

  /** Opens the panel beside the editor. */
  async open(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !isShown(document)) {
      return void vscode.window.showInformationMessage(OPEN_A_DATASET);
    }
    if (!(await runs(this.client))) {
      return;
    }
    if (this.panel) {
      this.panel.reveal(undefined, true);
      return this.update();
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(TYPE, 'Preview', column, this.options());
    this.panel = panel;
    panel.webview.onDidReceiveMessage((asked: Asked) => this.answer(asked));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.shown = undefined;
    });
    panel.webview.html = this.page(panel.webview);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
    this.subscriptions.forEach((subscription) => subscription.dispose());
  }

  private get folder(): vscode.Uri {
    return vscode.Uri.joinPath(this.context.extensionUri, 'preview');
  }

  private options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.folder, ...this.roots.values()] };
  }

  private page(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString('base64');
    const source = webview.cspSource;
    const file = (name: string): vscode.Uri => webview.asWebviewUri(vscode.Uri.joinPath(this.folder, name));
    const policy = [
      "default-src 'none'",
      `style-src ${source}`,
      `script-src 'nonce-${nonce}'`,
      `img-src ${source} https:`,
      `media-src ${source} https:`,
    ];
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<link rel="stylesheet" href="${file('preview.css')}">
</head>
<body><main></main><script nonce="${nonce}" src="${file('preview.js')}"></script></body>
</html>`;
  }

  private async answer(asked: Asked): Promise<void> {
    if (asked.kind === 'ready') {
      this.shown = undefined;
      return this.update();
    }
    const { shown } = this;
    if (asked.kind !== 'offsets' || !shown) {
      return;
    }
    const { media, start, end } = asked;
    const position = new vscode.Position(shown.line, 0);
    const edit = await this.client.request<object>('tuning-ls/setOffsets', {
      textDocument: { uri: shown.uri },
      position,
      media,
      start,
      end,
    });
    if (!edit || !(await this.client.applyEdit(edit))) {
      void vscode.window.showWarningMessage(edit ? CHANGED_MEANWHILE : 'The offsets cannot be set, because this line has syntax errors.');
    }
  }

  private follow(document: vscode.TextDocument): void {
    if (this.panel && isShown(document)) {
      this.soon();
    }
  }

  private changed(uri: vscode.Uri): void {
    if (this.shown && uri.toString() === vscode.Uri.parse(this.shown.uri, true).toString()) {
      this.soon();
    }
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), REST);
  }

  /** Shows the example at the cursor. If no dataset has the cursor, shows the same example again. */
  private async update(): Promise<void> {
    const { panel } = this;
    if (!panel) {
      return;
    }
    const editor = vscode.window.activeTextEditor;
    const here = editor && isShown(editor.document) ? editor : undefined;
    const isView = here?.document.uri.scheme === VIEW;
    const asked = here
      ? { textDocument: { uri: this.client.uri(here.document.uri) }, position: isView ? undefined : here.selection.active }
      : this.shown && { textDocument: { uri: this.shown.uri }, position: new vscode.Position(this.shown.line, 0) };
    const preview = asked && (await this.client.request<Preview>('tuning-ls/preview', asked));
    if (panel !== this.panel) {
      return;
    }
    this.shown = preview ?? this.shown;
    if (!preview) {
      return void panel.webview.postMessage({ kind: 'nothing' });
    }
    panel.title = `Preview ${preview.number}`;
    const added = this.allow(preview);
    if (added) {
      // This loads the page again, which then asks for its content.
      panel.webview.options = this.options();
      return;
    }
    await panel.webview.postMessage({ kind: 'example', ...preview, turns: this.turns(preview, panel.webview) });
  }

  /** Allows the page to show local copies of media files. Returns whether their folders are new. */
  private allow(preview: Preview): boolean {
    const before = this.roots.size;
    const parts = vscode.workspace.isTrusted ? preview.turns.flatMap((turn) => turn.parts) : [];
    for (const { file } of parts) {
      if (file) {
        const folder = vscode.Uri.joinPath(vscode.Uri.parse(file, true), '..');
        this.roots.set(folder.toString(), folder);
      }
    }
    return this.roots.size > before;
  }

  /** The turns with the findings of each part, and with addresses that the page can load. */
  private turns(preview: Preview, webview: vscode.Webview): object[] {
    const diagnostics = vscode.languages.getDiagnostics(vscode.Uri.parse(preview.uri, true));
    const own = diagnostics.filter(({ source }) => source === 'tuning-ls');
    const part = (part: Part): object => {
      const { start, end } = part.range;
      const range = new vscode.Range(start.line, start.character, end.line, end.character);
      const found = own.filter((it) => range.contains(it.range));
      return {
        ...part,
        source: this.address(part, webview),
        findings: found.map(({ message, severity }) => ({ message, severity: vscode.DiagnosticSeverity[severity] })),
      };
    };
    return preview.turns.map((turn) => ({ ...turn, parts: turn.parts.map(part) }));
  }

  /** Where the page loads a media file from: its local copy, or the web. Nothing is loaded in an untrusted workspace. */
  private address({ file, location }: Part, webview: vscode.Webview): string | undefined {
    if (!vscode.workspace.isTrusted) {
      return undefined;
    }
    if (file) {
      return webview.asWebviewUri(vscode.Uri.parse(file, true)).toString();
    }
    return location && /^https:\/\//i.test(location) ? location : undefined;
  }
}

function isShown(document: vscode.TextDocument): boolean {
  return document.uri.scheme === VIEW || isDataset(document);
}
