// The figures of datasets: the server's, or what it said when it read a file from disk.

import * as vscode from 'vscode';
import type { Client } from './client';

/** What the server answers to `tuning-ls/datasetSummary` and `tuning-ls/checkFromDisk`. */
export interface DatasetSummary {
  tuning: boolean;
  fails: boolean;
  headline: string;
  findingsText: string;
  findings: { error: number; warning: number; information: number; hint: number };
  markdown: string;
}

/** The figures of a file; without a summary there are none yet. */
export interface Known {
  summary?: DatasetSummary;
  /** Why they are of the file as it was saved, if they are. */
  reason?: string;
}

export class Figures implements vscode.Disposable {
  private readonly fromDisk = new Map<string, Known>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** The figures of a file may be others. */
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
