// The connection to the server: started when it is first needed, and anew when it has to be.

import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import { datasetSelector } from './datasets';
import { findServer, NoServer, type Server } from './server';

/** What there is to know about the server. */
export type ServerState =
  | { kind: 'idle' | 'starting' }
  | { kind: 'running'; server: Server }
  | { kind: 'failed'; message: string };

/** A server that dies so often in so many milliseconds is not started again. */
const MOST_CRASHES = 4;
const CRASH_PERIOD = 180_000;

/** A client that logs what is wrong: the user is told once, by us. */
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
  /** The diagnostics of a file have come anew, so its figures may have changed. */
  readonly onPublished = this.published.event;
  private client: LanguageClient | undefined;
  /** Starts and stops one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private crashes: number[] = [];
  private ended = false;

  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Starts the server unless it was tried before. */
  ensureStarted(): Promise<void> {
    return this.state.kind === 'idle' ? this.restart() : this.queue;
  }

  /** Stops the server if there is one, looks for the program anew and starts it. */
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

  /** Asks the server; `undefined` when there is none or it has no answer, which is logged. */
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

  /** Tells the server its settings; one that is being started gets them at its start. */
  async sendSettings(): Promise<void> {
    await this.queue;
    if (this.client?.state === State.Running) {
      await this.client.sendNotification('workspace/didChangeConfiguration', { settings: { 'tuning-ls': settings() } });
    }
  }

  /** A document as the server names it. */
  uri(uri: vscode.Uri): string {
    return this.client?.code2ProtocolConverter.asUri(uri) ?? uri.toString();
  }

  /** Takes away the diagnostics of a file that the server does not have open. */
  clearDiagnostics(uri: vscode.Uri): void {
    this.client?.diagnostics?.delete(uri);
  }

  dispose(): void {
    this.stateChanged.dispose();
    this.published.dispose();
    this.log.dispose();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // A server that has crashed cannot be stopped in good order.
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
        documentSelector: datasetSelector(),
        outputChannel: this.log,
        // Called at each start: the client starts a server that has crashed again by itself.
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
        },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState === State.Running) {
        this.set({ kind: 'running', server });
      }
    });
    return client;
  }

  /** The server has ended by itself; says whether it is to be started again. */
  private crashed(client: LanguageClient): boolean {
    if (this.client !== client || this.ended || this.state.kind === 'starting') {
      return false;
    }
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < CRASH_PERIOD), now];
    if (this.crashes.length > MOST_CRASHES) {
      this.crashes = [];
      this.fail(`The server has ended ${MOST_CRASHES + 1} times.`);
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
      `${message} Install tuning-ls and try again, or name the program in the settings.`,
      'Open Settings',
      'Try Again',
      'Show Log',
    );
    if (choice === 'Open Settings') {
      // Which program is run is a setting of the machine that it runs on.
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

/** The settings as a plain object; the server passes over those that are the client's. */
function settings(): unknown {
  return JSON.parse(JSON.stringify(vscode.workspace.getConfiguration('tuning-ls')));
}
