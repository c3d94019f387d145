// The suites, and the window that each runs in. `prepare` returns the window to open and, if they differ from the
// defaults, the settings and whether workspaces are trusted.

import fs from 'node:fs';
import path from 'node:path';
import { brokenServer, crashingServer, noServer } from './screen/noServer.mjs';
import { preview } from './screen/preview.mjs';
import { tour } from './screen/tour.mjs';
import { walk } from './screen/walk.mjs';

/** Larger than the 50 Mi UTF-16 units that VS Code passes to extensions. */
const LARGE = 54 * 1024 * 1024;

export const SUITES = [
  { name: 'journey', title: 'a folder with datasets', host: 'journey' },
  {
    name: 'restricted',
    title: 'a workspace that is not trusted',
    host: 'restricted',
    prepare(workspace) {
      // If this program is run, it creates a file.
      const program = path.join(workspace, 'program');
      fs.writeFileSync(program, `#!/bin/sh\ntouch '${workspace}/was-run'\n`, { mode: 0o755 });
      const settings = { 'tuning-ls.server.path': program, 'tuning-ls.rules': { 'unknown-role': 'off' } };
      fs.mkdirSync(path.join(workspace, '.vscode'));
      fs.writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
      return { window: { folder: workspace }, trusting: false };
    },
  },
  {
    name: 'without-folder',
    title: 'a file without a folder',
    host: 'withoutFolder',
    prepare: (workspace) => ({ window: { file: path.join(workspace, 'video-broken.jsonl') } }),
  },
  {
    name: 'multi-root',
    title: 'a workspace of two folders',
    host: 'multiRoot',
    prepare(workspace) {
      const other = path.join(path.dirname(workspace), 'a second folder');
      fs.cpSync(workspace, other, { recursive: true });
      const file = path.join(path.dirname(workspace), 'two.code-workspace');
      fs.writeFileSync(file, JSON.stringify({ folders: [{ path: workspace }, { path: other }] }));
      return { window: { workspace: file } };
    },
  },
  {
    name: 'large-file',
    title: 'a file that VS Code does not pass to extensions',
    host: 'largeFile',
    prepare(workspace) {
      const clean = fs.readFileSync(path.join(workspace, 'video-clean.jsonl'), 'utf8').split('\n')[0];
      const lines = `${clean}\n`.repeat(Math.ceil(LARGE / (clean.length + 1)));
      fs.writeFileSync(path.join(workspace, 'large.jsonl'), lines.replace('}', ',}'));
      return { window: { folder: workspace } };
    },
  },
  { name: 'no-server', title: 'an extension without a server', ...noServer },
  { name: 'broken-server', title: 'a setting with the path of another program', ...brokenServer },
  { name: 'crashing-server', title: 'a server that exits at once', ...crashingServer },
  { name: 'tour', title: 'a tour of the user interface', ...tour },
  { name: 'preview', title: 'an example is previewed', ...preview },
  { name: 'walk', title: 'an author writes, pastes and renames', ...walk },
];
