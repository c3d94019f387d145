// One example as a document of its own: indented, with the line breaks of its texts. Saving it changes its line in the file.

import * as vscode from 'vscode';
import type { Client } from './client';
import { CHANGED_MEANWHILE, newExample, runs } from './commands';
import { datasetInView, VIEW } from './datasets';

interface View {
  uri: string;
  text: string;
  position: vscode.Position;
  source: string;
  line: number;
  number: number;
  count: number;
}

interface Written {
  edit?: object;
  problem?: 'changed' | 'deleted' | 'syntax' | 'closed' | 'unknown';
  message?: string;
}

export type Move = 'next' | 'previous' | 'nextFinding' | 'previousFinding';

const ANYWAY = 'Write This Text Anyway';
const THEIRS = 'Take the Text of the File';
const NO_EXAMPLE = 'There is no example here.';

/** The text of a view, and when it was read or written last. */
interface Shown {
  text: string;
  time: number;
}

/** The views as files of a scheme of their own. */
export class Examples implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly shown = new Map<string, Shown>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly client: Client) {
    this.subscriptions = [
      vscode.workspace.registerFileSystemProvider(VIEW, this, { isCaseSensitive: true }),
      client.onExampleChanged(({ uri, text }) => this.set(vscode.Uri.parse(uri), text)),
    ];
  }

  /** Opens the example at the cursor, or another one. */
  async open(move?: Move): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const isView = editor?.document.uri.scheme === VIEW;
    if (!editor || (!isView && !datasetInView()) || !(await runs(this.client))) {
      return;
    }
    const uri = editor.document.uri;
    const textDocument = { uri: this.client.uri(uri) };
    const position = isView ? undefined : editor.selection.active;
    const view = await this.client.request<View>('tuning-ls/example', { textDocument, position, move });
    if (!view) {
      vscode.window.setStatusBarMessage(move ? 'There is no further example.' : NO_EXAMPLE, 5_000);
      return;
    }
    await this.show(view, editor.viewColumn, isView && !editor.document.isDirty ? uri : undefined);
  }

  /** Copies the example at the cursor into the next line of its file, and opens the copy if a view is open. */
  async duplicate(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const isView = editor?.document.uri.scheme === VIEW;
    if (!editor || (!isView && !datasetInView()) || !(await runs(this.client))) {
      return;
    }
    const textDocument = { uri: this.client.uri(editor.document.uri) };
    const position = editor.selection.active;
    const copy = await this.client.request<{ edit: object; uri: string; line: number }>('tuning-ls/duplicateExample', {
      textDocument,
      position,
    });
    if (!copy) {
      vscode.window.setStatusBarMessage(NO_EXAMPLE, 5_000);
      return;
    }
    if (!(await this.client.applyEdit(copy.edit))) {
      void vscode.window.showWarningMessage(CHANGED_MEANWHILE);
      return;
    }
    const start = new vscode.Position(copy.line, 0);
    if (!isView) {
      editor.selection = new vscode.Selection(start, start);
      editor.revealRange(editor.selection);
      return;
    }
    const view = await this.client.request<View>('tuning-ls/example', { textDocument: { uri: copy.uri }, position: start });
    if (view) {
      await this.show(view, editor.viewColumn, editor.document.isDirty ? undefined : editor.document.uri);
    }
  }

  /** Offers whole examples on a new line of the file. */
  async create(): Promise<void> {
    await this.goToLine();
    await newExample(this.client);
  }

  /** Goes from a view to its line in the file. */
  async goToLine(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.scheme !== VIEW) {
      return;
    }
    const place = await this.client.request<{ uri: string; line: number }>('tuning-ls/exampleLine', {
      uri: this.client.uri(editor.document.uri),
    });
    if (place) {
      const uri = vscode.Uri.parse(place.uri);
      const start = new vscode.Position(place.line, 0);
      const columns = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());
      const viewColumn = columns[0]?.viewColumn;
      await vscode.window.showTextDocument(uri, { selection: new vscode.Range(start, start), viewColumn });
    }
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { text, time } = this.of(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: time, size: Buffer.byteLength(text) };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return Buffer.from(this.of(uri).text);
  }

  /** Writes a view into the document of its file. Throws if it was not written: then VS Code keeps its changes. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const text = Buffer.from(content).toString();
    if (text !== this.of(uri).text) {
      await this.write(uri, false);
    }
    this.shown.set(uri.toString(), { text, time: Date.now() });
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    this.changed.dispose();
    this.subscriptions.forEach((subscription) => subscription.dispose());
  }

  private of(uri: vscode.Uri): Shown {
    const shown = this.shown.get(uri.toString());
    if (!shown) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return shown;
  }

  private set(uri: vscode.Uri, text: string): void {
    this.shown.set(uri.toString(), { text, time: Date.now() });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Shows a view, in place of another one if `instead` is given. */
  private async show(view: View, column?: vscode.ViewColumn, instead?: vscode.Uri): Promise<void> {
    const uri = vscode.Uri.parse(view.uri);
    this.shown.set(uri.toString(), { text: view.text, time: Date.now() });
    const place = new vscode.Position(view.position.line, view.position.character);
    const selection = new vscode.Range(place, place);
    const viewColumn = instead ? column : vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(uri, { selection, viewColumn, preview: false });
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const old = tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === instead?.toString());
    await vscode.window.tabGroups.close(old);
  }

  private async write(uri: vscode.Uri, anyway: boolean): Promise<void> {
    const textDocument = { uri: this.client.uri(uri) };
    let written = await this.client.request<Written>('tuning-ls/writeExample', { textDocument, anyway });
    if (written?.problem === 'closed') {
      // The edit needs the text of the file as VS Code has it.
      const place = await this.client.request<{ uri: string }>('tuning-ls/exampleLine', { uri: this.client.uri(uri) });
      if (place) {
        await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), { preserveFocus: true });
        written = await this.client.request<Written>('tuning-ls/writeExample', { textDocument, anyway });
      }
    }
    if (!written || written.problem === 'closed' || written.problem === 'unknown') {
      throw vscode.FileSystemError.Unavailable(written?.message ?? 'The server does not answer.');
    }
    if (written.problem) {
      const choices = written.problem === 'changed' ? [ANYWAY, THEIRS] : [ANYWAY];
      const choice = await vscode.window.showWarningMessage(written.message ?? '', { modal: true }, ...choices);
      if (choice === ANYWAY) {
        return this.write(uri, true);
      }
      if (choice === THEIRS) {
        const view = await this.client.request<View>('tuning-ls/example', { textDocument, move: 'reload' });
        if (view) {
          this.set(uri, view.text);
          await vscode.commands.executeCommand('workbench.action.files.revert');
        }
      }
      throw vscode.FileSystemError.Unavailable('Not written.');
    }
    if (written.edit && !(await this.client.applyEdit(written.edit))) {
      throw vscode.FileSystemError.Unavailable('The file has changed in the meantime. Save again.');
    }
    if (written.message) {
      vscode.window.setStatusBarMessage(written.message, 8_000);
    }
  }
}
