// The figures of the dataset in view in the status bar, and the language status (`{}` there) with more of them and the server.

import * as vscode from 'vscode';
import type { Client, ServerState } from './client';
import { datasetInView, datasetSelector } from './datasets';
import type { DatasetSummary, Figures, Known } from './figures';

/** The figures are requested after this pause, in milliseconds, so that a burst of findings causes one request. */
const PAUSE = 150;

export class Status implements vscode.Disposable {
  private readonly server: vscode.LanguageStatusItem;
  private readonly dataset: vscode.LanguageStatusItem;
  private readonly bar = vscode.window.createStatusBarItem('tuning-ls.figures', vscode.StatusBarAlignment.Right, 100);
  private timer: NodeJS.Timeout | undefined;
  /** The file whose figures are shown. */
  private shown: string | undefined;

  constructor(
    client: Client,
    private readonly figures: Figures,
  ) {
    this.server = vscode.languages.createLanguageStatusItem('tuning-ls.server', datasetSelector());
    this.server.name = 'tuning-ls: server';
    this.dataset = vscode.languages.createLanguageStatusItem('tuning-ls.dataset', datasetSelector());
    this.dataset.name = 'tuning-ls: dataset';
    this.dataset.command = { command: 'tuning-ls.showDatasetSummary', title: 'Summary' };
    this.bar.name = 'tuning-ls: figures of the dataset';
    this.bar.command = 'tuning-ls.showDatasetSummary';
    this.showServer(client.state);
    this.showDataset({});
    client.onStateChanged((state) => this.showServer(state));
    figures.onChanged((uri) => {
      if (uri.toString() === datasetInView()?.toString()) {
        this.refresh();
      }
    });
  }

  /** Shows the figures of the file in view after a pause. Those of another file disappear at once. */
  refresh(): void {
    const uri = datasetInView()?.toString();
    if (uri !== this.shown) {
      this.shown = uri;
      this.showDataset({});
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), PAUSE);
  }

  /** Applies changed file patterns. */
  select(): void {
    this.server.selector = this.dataset.selector = datasetSelector();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.server.dispose();
    this.dataset.dispose();
    this.bar.dispose();
  }

  private async ask(): Promise<void> {
    const uri = datasetInView();
    if (uri) {
      const known = await this.figures.of(uri);
      if (uri.toString() === this.shown) {
        this.showDataset(known);
      }
    }
  }

  private showServer(state: ServerState): void {
    this.server.busy = state.kind === 'starting';
    this.server.severity = vscode.LanguageStatusSeverity.Information;
    this.server.command = { command: 'tuning-ls.showLog', title: 'Log' };
    switch (state.kind) {
      case 'idle':
      case 'starting':
        this.server.text = 'tuning-ls';
        this.server.detail = state.kind === 'idle' ? 'not started' : 'starting';
        break;
      case 'running':
        this.server.text = `tuning-ls ${state.server.version}`;
        this.server.detail = `${state.server.origin}: ${state.server.path}`;
        break;
      case 'failed':
        this.server.text = 'tuning-ls is not running';
        this.server.detail = state.message;
        this.server.severity = vscode.LanguageStatusSeverity.Error;
        this.server.command = { command: 'tuning-ls.restartServer', title: 'Restart' };
        this.showDataset({});
        break;
    }
  }

  private showDataset({ summary, reason }: Known): void {
    this.dataset.text = summary?.headline ?? 'no figures yet';
    this.dataset.detail = [summary?.findingsText, reason].filter(Boolean).join(' · ');
    this.dataset.busy = reason !== undefined && !summary;
    this.dataset.severity = severityOf(summary);
    this.bar.text = summary?.status ?? '';
    this.bar.tooltip = [summary?.headline, this.dataset.detail].filter(Boolean).join('\n');
    if (this.bar.text) {
      this.bar.show();
    } else {
      this.bar.hide();
    }
  }
}

function severityOf(summary: DatasetSummary | undefined): vscode.LanguageStatusSeverity {
  if (summary?.fails || summary?.findings.error) {
    return vscode.LanguageStatusSeverity.Error;
  }
  return summary?.findings.warning ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
}
