// Without a server that runs: one message with the next step, and buttons that lead there.

import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { inOrder, openFile, palette, shown, until } from './page.mjs';

const MESSAGE = '.notification-toast .notification-list-item-message';

async function oneMessage(page, text) {
  await shown(page, MESSAGE, text);
  // Opening another dataset must not repeat the message.
  await openFile(page, 'video-clean.jsonl');
  assert.equal(await page.locator(MESSAGE).count(), 1);
}

let program;

export const noServer = {
  prepare(workspace, environment) {
    environment.PATH = '/usr/bin:/bin';
    return { window: { folder: workspace, file: path.join(workspace, 'video-broken.jsonl') } };
  },
  installed(extensions) {
    const extension = fs.readdirSync(extensions).find((name) => name.startsWith('tuning-ls.tuning-ls'));
    program = path.join(extensions, extension, 'server/tuning-ls');
    fs.renameSync(program, `${program}.away`);
  },
  screen: ({ page }) =>
    inOrder({
      'one message says what to do': () => oneMessage(page, 'is not installed'),
      'a command says so too': async () => {
        await palette(page, 'tuning-ls: Fix All That Can Be Fixed Safely');
        await until('another message', async () => (await page.locator(MESSAGE).count()) === 2);
      },
      'trying again works once it is there': async () => {
        fs.renameSync(`${program}.away`, program);
        await page.locator('.notification-toast .monaco-button', { hasText: 'Try Again' }).first().click();
        await palette(page, 'View: Open Previous Editor');
        await shown(page, '.squiggly-error');
      },
    }),
};

export const brokenServer = {
  prepare: (workspace) => ({
    window: { folder: workspace, file: path.join(workspace, 'video-broken.jsonl') },
    settings: { 'tuning-ls.server.path': '/bin/true' },
  }),
  screen: ({ page }) =>
    inOrder({
      'one message says what is wrong': () => oneMessage(page, '/bin/true (from the settings) is not tuning-ls'),
      'it leads to the setting': async () => {
        await page.locator('.notification-toast .monaco-button', { hasText: 'Open Settings' }).click();
        await shown(page, '.settings-editor .setting-item-label', 'Path');
      },
    }),
};

export const crashingServer = {
  prepare(workspace) {
    const program = path.join(path.dirname(workspace), 'crashing');
    fs.writeFileSync(program, '#!/bin/sh\n[ "$1" = --version ] && echo tuning-ls 9.0.0 || exit 3\n', { mode: 0o755 });
    return {
      window: { folder: workspace, file: path.join(workspace, 'video-broken.jsonl') },
      settings: { 'tuning-ls.server.path': program },
    };
  },
  screen: ({ page }) => inOrder({ 'one message says what is wrong': () => oneMessage(page, 'The server cannot be started') }),
};
