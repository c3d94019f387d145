// Tests `editors/vscode/try`: the address that it prints shows VS Code with findings.

import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, inOrder, report, shown } from './screen/page.mjs';

async function run() {
  const script = spawn(path.join(import.meta.dirname, '../try'), ['--no-browser'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const browser = await chromium.launch(CHROMIUM);
  try {
    return await inOrder({
      async 'it prints an address that shows VS Code with findings'() {
        let printed = '';
        for await (const text of script.stdout.iterator({ destroyOnReturn: false })) {
          printed += text;
          if (printed.includes('Ctrl+C')) break;
        }
        const page = await browser.newPage();
        const [address] = /http:\S+/.exec(printed) ?? assert.fail(`it prints no address but ${printed}`);
        await page.goto(address, { waitUntil: 'domcontentloaded' });
        await shown(page, '.squiggly-error');
      },
      async 'Ctrl+C stops it'() {
        script.kill('SIGINT');
        await once(script, 'exit');
      },
    });
  } finally {
    await browser.close();
    script.kill('SIGTERM');
  }
}

console.log('try: VS Code for a first look');
const tests = await run();
const failed = report(tests);
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
