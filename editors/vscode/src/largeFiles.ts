// Files that VS Code shows but does not pass to extensions, because they are too large. The server reads them from disk
// when they come into view and whenever they are saved.

import * as vscode from 'vscode';
import type { Client } from './client';
import { documentOf, isNamedAsDataset } from './datasets';
import type { DatasetSummary, Figures } from './figures';

/**
 * VS Code passes at most 50 Mi UTF-16 units to extensions (`_MODEL_SYNC_LIMIT`). A file has at least as many bytes as
 * UTF-16 units, so every smaller file is passed.
 */
const LIMIT = 50 * 1024 * 1024;

/** How long VS Code may take to pass a file to extensions, or to save one, in milliseconds. */
const PAUSE = 500;

const REASON = 'too large for extensions: figures of the saved file';

/** A file that is checked from disk. */
interface LargeFile {
  uri: vscode.Uri;
  watcher: vscode.Disposable;
  timer?: NodeJS.Timeout;
  /** The server is reading it. */
  busy: boolean;
  /** It was saved while the server was reading it. */
  again: boolean;
}

export class LargeFiles implements vscode.Disposable {
  private readonly files = new Map<string, LargeFile>();
  private readonly disposables: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: Client,
    private readonly figures: Figures,
  ) {
    this.disposables = [
      vscode.window.tabGroups.onDidChangeTabs(() => this.look()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.look()),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.forget(uri.toString())),
    ];
    this.look();
  }

  /** Searches for such files among those in view, after a pause. */
  look(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), PAUSE);
  }

  /** Checks all of them again, after a change of the server or its settings. */
  checkAll(): void {
    this.files.forEach((file) => this.checkSoon(file));
  }

  dispose(): void {
    clearTimeout(this.timer);
    [...this.files.keys()].forEach((key) => this.forget(key));
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async update(): Promise<void> {
    for (const [key, { uri }] of this.files) {
      if (!isInATab(key) || !isNamedAsDataset(uri)) {
        this.forget(key);
        this.client.clearDiagnostics(uri);
      }
    }
    for (const { activeTab } of vscode.window.tabGroups.all) {
      const uri = activeTab?.input instanceof vscode.TabInputText ? activeTab.input.uri : undefined;
      const key = uri?.toString() ?? '';
      // While its size was requested, the file may have been closed, passed to extensions or found by another call.
      if (uri && (await isTooLarge(uri)) && isInATab(key) && !documentOf(uri) && !this.files.has(key)) {
        const file: LargeFile = { uri, watcher: this.watch(uri), busy: false, again: false };
        this.files.set(key, file);
        void this.client.ensureStarted().then(() => this.checkSoon(file));
      }
    }
  }

  private watch(uri: vscode.Uri): vscode.Disposable {
    // Watch the folder, because a file name may contain pattern characters.
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = (changed: vscode.Uri) => {
      const file = this.files.get(uri.toString());
      if (file && changed.toString() === uri.toString()) {
        this.checkSoon(file);
      }
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }

  private checkSoon(file: LargeFile): void {
    file.again = file.busy;
    if (!file.busy) {
      clearTimeout(file.timer);
      file.timer = setTimeout(() => void this.check(file), PAUSE);
    }
  }

  private async check(file: LargeFile): Promise<void> {
    const { uri } = file;
    const isOurs = () => this.files.get(uri.toString()) === file;
    file.busy = true;
    this.figures.setFromDisk(uri, { reason: REASON });
    const summary = await this.client.request<DatasetSummary>('tuning-ls/checkFromDisk', { uri: this.client.uri(uri) });
    file.busy = false;
    if (isOurs() && summary) {
      this.figures.setFromDisk(uri, { summary, reason: REASON });
    } else if (!documentOf(uri)) {
      // The file was closed in the meantime, or can no longer be read.
      this.figures.forgetFromDisk(uri);
      this.client.clearDiagnostics(uri);
    }
    if (isOurs() && file.again) {
      this.checkSoon(file);
    }
  }

  private forget(key: string): void {
    const file = this.files.get(key);
    if (file) {
      clearTimeout(file.timer);
      file.watcher.dispose();
      this.files.delete(key);
      this.figures.forgetFromDisk(file.uri);
    }
  }
}

async function isTooLarge(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file' || !isNamedAsDataset(uri) || documentOf(uri)) {
    return false;
  }
  try {
    return (await vscode.workspace.fs.stat(uri)).size > LIMIT;
  } catch {
    return false;
  }
}

function isInATab(key: string): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === key);
}
