// Finding the server's program, and making sure that it is one before it is used.

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

/** Where a program came from, as it is shown. */
export type Origin = 'from the settings' | 'bundled' | 'on the PATH';

/** A program that answered. */
export interface Server {
  path: string;
  version: string;
  origin: Origin;
}

/** Why there is no server; the message is for the user. */
export class NoServer extends Error {}

const PROGRAM = process.platform === 'win32' ? 'tuning-ls.exe' : 'tuning-ls';

/** How long the program may take to say its version, in milliseconds. */
const PATIENCE = 20_000;

/** Finds the server: the one the user names, else the one that came with the extension, else one on the PATH. */
export async function findServer(context: vscode.ExtensionContext): Promise<Server> {
  const named = vscode.workspace.getConfiguration('tuning-ls').get<string>('server.path', '').trim();
  if (named) {
    const file = named.startsWith('~/') ? path.join(homedir(), named.slice(2)) : named;
    if (!path.isAbsolute(file)) {
      throw new NoServer(`The setting tuning-ls.server.path has to be an absolute path, not "${named}".`);
    }
    if (!(await isProgram(file))) {
      throw new NoServer(`The setting tuning-ls.server.path names no program: ${file}`);
    }
    return verified(file, 'from the settings', context);
  }
  const bundled = context.asAbsolutePath(path.join('server', PROGRAM));
  if (await isProgram(bundled)) {
    return verified(bundled, 'bundled', context);
  }
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    // A relative folder would be looked for in whatever is open.
    if (path.isAbsolute(folder) && (await isProgram(path.join(folder, PROGRAM)))) {
      return verified(path.join(folder, PROGRAM), 'on the PATH', context);
    }
  }
  throw new NoServer('The program tuning-ls is not installed, and none came with the extension for this kind of machine.');
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
    throw new NoServer(`${file} (${origin}) is not tuning-ls: asked for its version, it says "${said.stdout.trim().slice(0, 80)}".`);
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
