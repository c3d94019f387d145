// Finds the server's program, and checks that it is tuning-ls.

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { programPath } from './paths';

/** Where the program was found, as text for the user. */
export type Origin = 'from the settings' | 'bundled' | 'on the PATH';

/** A program that was checked. */
export interface Server {
  path: string;
  version: string;
  origin: Origin;
}

/** The server was not found. The message is for the user. */
export class NoServer extends Error {}

const PROGRAM = process.platform === 'win32' ? 'tuning-ls.exe' : 'tuning-ls';

/** How long the program may take to print its version, in milliseconds. */
const PATIENCE = 20_000;

/** Finds the server: the program in the settings, the bundled one, or the one on the PATH, in this order. */
export async function findServer(context: vscode.ExtensionContext): Promise<Server> {
  const named = vscode.workspace.getConfiguration('tuning-ls').get<string>('server.path', '').trim();
  if (named) {
    const file = programPath(named, homedir());
    if (!file) {
      throw new NoServer(`The setting tuning-ls.server.path must be an absolute path, not "${named}".`);
    }
    if (!(await isProgram(file))) {
      throw new NoServer(`The program in the setting tuning-ls.server.path does not exist: ${file}`);
    }
    return verified(file, 'from the settings', context);
  }
  const bundled = context.asAbsolutePath(path.join('server', PROGRAM));
  if (await isProgram(bundled)) {
    return verified(bundled, 'bundled', context);
  }
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    // A relative folder would mean a folder of the open workspace.
    if (path.isAbsolute(folder) && (await isProgram(path.join(folder, PROGRAM)))) {
      return verified(path.join(folder, PROGRAM), 'on the PATH', context);
    }
  }
  throw new NoServer('tuning-ls is not installed, and the extension contains no server for this platform.');
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function verified(file: string, origin: Origin, context: vscode.ExtensionContext): Promise<Server> {
  const asked = promisify(execFile)(file, ['--version'], { timeout: PATIENCE });
  const said = await asked.catch((error: Error) => {
    throw new NoServer(`${file} (${origin}) cannot be run: ${error.message.trim()}`);
  });
  const version = /^tuning-ls (\d+\.\d+\.\d+\S*)/.exec(said.stdout)?.[1];
  if (!version) {
    throw new NoServer(`${file} (${origin}) is not tuning-ls: its --version prints "${said.stdout.trim().slice(0, 80)}".`);
  }
  const needed: string = context.extension.packageJSON.version;
  if (isOlder(version, needed)) {
    throw new NoServer(`${file} (${origin}) is tuning-ls ${version}; this extension needs ${needed} or later.`);
  }
  return { path: file, version, origin };
}

function isOlder(version: string, needed: string): boolean {
  const [a, b] = [version, needed].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  const at = a.findIndex((part, index) => part !== b[index]);
  return at >= 0 && a[at] < b[at];
}
