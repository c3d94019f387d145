// Opens VS Code with the extension in a browser.
//
// usage: node try.mjs VSCODE [--no-browser] [FOLDER]

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CodeServer } from './code-server.mjs';

const [installed, ...rest] = process.argv.slice(2);
const repository = path.join(import.meta.dirname, '../..');
const work = path.join(repository, 'target/vscode-try');
const named = rest.find((argument) => !argument.startsWith('--'));

fs.rmSync(work, { recursive: true, force: true });
const folder = named ? path.resolve(named) : path.join(work, 'datasets');
if (!named) {
  fs.cpSync(path.join(repository, 'fixtures/datasets'), folder, { recursive: true });
}
const starting = CodeServer.start({
  installed,
  data: path.join(work, 'data'),
  extensions: [path.join(repository, 'target/tuning-ls-linux-x64.vsix')],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await (await starting).stop();
    process.exit(0);
  });
}
const server = await starting;
const address = server.address({ folder, file: named ? undefined : path.join(folder, 'video-broken.jsonl') });
console.log(`VS Code ${server.version} with ${folder}:\n\n  ${address}\n\nPress Ctrl+C to stop it.`);
if (!rest.includes('--no-browser')) {
  // If no browser can be opened, the user has the printed address.
  spawn('xdg-open', [address], { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}
