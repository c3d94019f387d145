// Pastes pretty JSON, tables of a spreadsheet and other notations as lines of the dataset.

import * as vscode from 'vscode';
import type { Client } from './client';
import { datasetSelector, isDataset } from './datasets';

/** The answer of the server: the lines, and what is not in them. */
interface Pasted {
  lines: string;
  what: string;
  unplaced: string[];
}

const TEXT = 'text/plain';
const KIND = vscode.DocumentDropOrPasteEditKind.Text.append('tuning-ls', 'examples');

/** A paste, with what is not in its lines. */
class ExamplesEdit extends vscode.DocumentPasteEdit {
  constructor(
    text: string,
    readonly pasted: Pasted,
  ) {
    super(text, 'Paste as Examples', KIND);
  }
}

export class PasteExamples implements vscode.DocumentPasteEditProvider<ExamplesEdit>, vscode.Disposable {
  private registration: vscode.Disposable;

  constructor(private readonly client: Client) {
    this.registration = this.register();
  }

  /** Registers again, after the settings name other datasets. */
  select(): void {
    this.registration.dispose();
    this.registration = this.register();
  }

  dispose(): void {
    this.registration.dispose();
  }

  async provideDocumentPasteEdits(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
    _context: vscode.DocumentPasteEditContext,
    token: vscode.CancellationToken,
  ): Promise<ExamplesEdit[] | undefined> {
    const text = await data.get(TEXT)?.asString();
    const range = ranges[0];
    const around = range && breaksAround(document, range, text ?? '');
    if (!text || !around || ranges.length > 1 || !isDataset(document)) {
      return undefined;
    }
    const pasted = await this.client.request<Pasted>('tuning-ls/paste', {
      textDocument: { uri: this.client.uri(document.uri) },
      text,
    });
    if (!pasted || token.isCancellationRequested) {
      return undefined;
    }
    return [new ExamplesEdit(around.before + pasted.lines + around.after, pasted)];
  }

  /** VS Code calls this for the edit that it applies. */
  resolveDocumentPasteEdit(edit: ExamplesEdit): ExamplesEdit {
    const { unplaced, what } = edit.pasted;
    if (unplaced.length > 0) {
      const [first, ...rest] = unplaced;
      const more = rest.length > 0 ? ` There are ${rest.length} more; the log lists them.` : '';
      this.client.log.info(`pasted ${what}:\n${unplaced.join('\n')}`);
      void vscode.window
        .showWarningMessage(`Some of the pasted ${what} needs a look: ${first}.${more}`, 'Show Log')
        .then((choice) => choice && this.client.log.show());
    }
    return edit;
  }

  private register(): vscode.Disposable {
    return vscode.languages.registerDocumentPasteEditProvider(datasetSelector(), this, {
      providedPasteEditKinds: [KIND],
      pasteMimeTypes: [TEXT],
    });
  }
}

/**
 * The line breaks that lines need before and after them, in place of a range; `undefined` if the range is inside a line, as a
 * text is that is pasted into a string.
 */
function breaksAround(document: vscode.TextDocument, range: vscode.Range, text: string): { before: string; after: string } | undefined {
  const last = document.lineAt(range.end.line);
  const hasBefore = document.lineAt(range.start.line).text.slice(0, range.start.character).trim() !== '';
  const hasAfter = last.text.slice(range.end.character).trim() !== '';
  if (hasBefore && hasAfter) {
    return undefined;
  }
  // At the end of the document, the text decides whether the last line has an end.
  const isLast = range.end.line + 1 === document.lineCount;
  const after = hasAfter || (isLast && /[\r\n]$/.test(text));
  return { before: hasBefore ? '\n' : '', after: after ? '\n' : '' };
}
