// The figures of datasets: of open documents, and of files that the server read from disk.

import * as vscode from 'vscode';
import type { Client } from './client';

/** The result of `tuning-ls/datasetSummary` and `tuning-ls/checkFromDisk`. */
export interface DatasetSummary {
  tuning: boolean;
  fails: boolean;
  headline: string;
  status: string | null;
  findingsText: string;
  findings: { error: number; warning: number; information: number; hint: number };
  markdown: string;
}

/** The figures of a file. Without a summary, there are none yet. */
export interface Known {
  summary?: DatasetSummary;
  /** If the figures are of the saved file and not of the text in the editor: why. */
  reason?: string;
}

export class Figures implements vscode.Disposable {
  private readonly fromDisk = new Map<string, Known>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires when the figures of a file may have changed. */
  readonly onChanged = this.changed.event;

  constructor(private readonly client: Client) {
    client.onPublished((uri) => this.changed.fire(uri));
  }

  async of(uri: vscode.Uri): Promise<Known> {
    const asked = () => this.client.request<DatasetSummary>('tuning-ls/datasetSummary', { uri: this.client.uri(uri) });
    return this.fromDisk.get(uri.toString()) ?? { summary: await asked() };
  }

  setFromDisk(uri: vscode.Uri, known: Known): void {
    this.fromDisk.set(uri.toString(), known);
    this.changed.fire(uri);
  }

  forgetFromDisk(uri: vscode.Uri): void {
    if (this.fromDisk.delete(uri.toString())) {
      this.changed.fire(uri);
    }
  }

  dispose(): void {
    this.changed.dispose();
  }
}
