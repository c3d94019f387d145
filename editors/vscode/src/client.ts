// The connection to the server. It starts when it is first needed, and restarts if it ends.

import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import { datasetSelector, VIEW } from './datasets';
import { findServer, NoServer, type Server } from './server';

export type ServerState =
  | { kind: 'idle' | 'starting' }
  | { kind: 'running'; server: Server }
  | { kind: 'failed'; message: string };

/** After more crashes than this within the period (in milliseconds), the server is not restarted. */
const MAX_CRASHES = 4;
const CRASH_PERIOD = 180_000;

/** A client that only logs errors. The extension itself shows the user one message. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Client implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel('tuning-ls', { log: true });
  state: ServerState = { kind: 'idle' };
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  readonly onStateChanged = this.stateChanged.event;
  private readonly published = new vscode.EventEmitter<vscode.Uri>();
  /** Fires when a file has new diagnostics, so its figures may have changed. */
  readonly onPublished = this.published.event;
  private readonly exampleChanged = new vscode.EventEmitter<{ uri: string; text: string }>();
  /** Fires when the record of a view has changed in its file. */
  readonly onExampleChanged = this.exampleChanged.event;
  private client: LanguageClient | undefined;
  /** Serializes starts and stops. */
  private queue: Promise<void> = Promise.resolve();
  private crashes: number[] = [];
  private ended = false;

  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Starts the server unless a start was attempted before. */
  ensureStarted(): Promise<void> {
    return this.state.kind === 'idle' ? this.restart() : this.queue;
  }

  /** Stops the server if it runs, searches for the program again and starts it. */
  restart(): Promise<void> {
    this.set({ kind: 'starting' });
    this.queue = this.queue.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.queue;
  }

  /** Stops the server for good. */
  end(): Promise<void> {
    this.ended = true;
    return this.queue.then(() => this.stop());
  }

  /** Sends a request. Returns `undefined` if no server runs, the result is null, or the request fails (which is logged). */
  async request<T>(method: string, params?: object): Promise<T | undefined> {
    await this.queue;
    if (this.client?.state !== State.Running) {
      return undefined;
    }
    try {
      const asked = params ? this.client.sendRequest<T | null>(method, params) : this.client.sendRequest<T | null>(method);
      return (await asked) ?? undefined;
    } catch (error) {
      this.log.warn(`${method}: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Sends the settings to the server. A server that is starting gets them from the initialization. */
  async sendSettings(): Promise<void> {
    await this.queue;
    if (this.client?.state === State.Running) {
      await this.client.sendNotification('workspace/didChangeConfiguration', { settings: { 'tuning-ls': settings() } });
    }
  }

  /** Applies an edit of the server. Returns whether it was applied. */
  async applyEdit(edit: object): Promise<boolean> {
    const converted = await this.client?.protocol2CodeConverter.asWorkspaceEdit(edit as never);
    return converted !== undefined && vscode.workspace.applyEdit(converted);
  }

  /** The document's URI as the server knows it. */
  uri(uri: vscode.Uri): string {
    return this.client?.code2ProtocolConverter.asUri(uri) ?? uri.toString();
  }

  /** Clears the diagnostics of a file that is not open in the server. */
  clearDiagnostics(uri: vscode.Uri): void {
    this.client?.diagnostics?.delete(uri);
  }

  dispose(): void {
    this.stateChanged.dispose();
    this.published.dispose();
    this.exampleChanged.dispose();
    this.log.dispose();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // A crashed server cannot be stopped cleanly.
      this.log.warn(`stopping the server: ${messageOf(error)}`);
    }
  }

  private async start(): Promise<void> {
    try {
      const server = await findServer(this.context);
      if (this.ended) {
        return;
      }
      this.log.info(`tuning-ls ${server.version}, ${server.origin}: ${server.path}`);
      this.client = this.connect(server);
      await this.client.start();
      this.set({ kind: 'running', server });
    } catch (error) {
      await this.stop();
      this.fail(error instanceof NoServer ? error.message : `The server cannot be started: ${messageOf(error)}`);
    }
  }

  private connect(server: Server): LanguageClient {
    const client: LanguageClient = new QuietClient(
      'tuning-ls',
      'tuning-ls',
      { command: server.path, args: ['serve'], transport: TransportKind.stdio },
      {
        documentSelector: [...datasetSelector(), { scheme: VIEW }],
        outputChannel: this.log,
        // A function, because the client calls it again when it restarts a crashed server.
        initializationOptions: settings,
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => ({ action: this.crashed(client) ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true }),
        },
        middleware: {
          handleDiagnostics: (uri, diagnostics, next) => {
            next(uri, diagnostics);
            this.published.fire(uri);
          },
          provideDiagnostics: async (document, previousResultId, token, next) => {
            const report = await next(document, previousResultId, token);
            this.published.fire(document instanceof vscode.Uri ? document : document.uri);
            return report;
          },
        },
      },
    );
    client.onNotification('tuning-ls/exampleChanged', (changed: { uri: string; text: string }) => this.exampleChanged.fire(changed));
    client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        // The command of code lenses, and that `Examples` shows an example as a document of its own.
        capabilities.experimental = { commands: { commands: ['tuning-ls.showDatasetSummary'] }, exampleView: true };
      },
      initialize: () => {},
      getState: () => ({ kind: 'static' }),
      clear: () => {},
    });
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState === State.Running) {
        this.set({ kind: 'running', server });
      }
    });
    return client;
  }

  /** Called when the server has ended by itself. Returns whether to restart it. */
  private crashed(client: LanguageClient): boolean {
    if (this.client !== client || this.ended || this.state.kind === 'starting') {
      return false;
    }
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < CRASH_PERIOD), now];
    if (this.crashes.length > MAX_CRASHES) {
      this.crashes = [];
      this.fail(`The server has crashed ${MAX_CRASHES + 1} times.`);
      return false;
    }
    return true;
  }

  private fail(message: string): void {
    if (!this.ended) {
      this.log.error(message);
      this.set({ kind: 'failed', message });
      void this.tell(message);
    }
  }

  private async tell(message: string): Promise<void> {
    const choice = await vscode.window.showErrorMessage(
      `${message} Install tuning-ls and try again, or set the path of the program in the settings.`,
      'Open Settings',
      'Try Again',
      'Show Log',
    );
    if (choice === 'Open Settings') {
      // The path belongs to the machine that the server runs on.
      const where = vscode.env.remoteName ? 'openRemoteSettings' : 'openSettings';
      await vscode.commands.executeCommand(`workbench.action.${where}`, { query: 'tuning-ls.server.path' });
    } else if (choice === 'Try Again') {
      await this.restart();
    } else if (choice === 'Show Log') {
      this.log.show();
    }
  }

  private set(state: ServerState): void {
    this.state = state;
    this.stateChanged.fire(state);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The settings as a plain object. The server ignores those that are for the client. */
function settings(): unknown {
  return JSON.parse(JSON.stringify(vscode.workspace.getConfiguration('tuning-ls')));
}
