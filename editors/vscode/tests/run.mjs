// Runs suites in a real VS Code, each in one of its own: node run.mjs VSCODE VSIX TESTS-VSIX OUT [SUITE...]
//
// A suite is a file below host/suites/, which runs inside the extension host, or one below screen/, which looks at
// the page as a person does. What is waited for are events, with generous limits; a suite that fails is run once more,
// and that is said.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { CodeServer } from '../code-server.mjs';
import { CHROMIUM, report } from './screen/page.mjs';
import { SUITES } from './suites.mjs';

const [installed, vsix, testsVsix, out, ...wanted] = process.argv.slice(2);
const here = import.meta.dirname;
const datasets = path.join(here, '../../../fixtures/datasets');

/** How long a whole suite may take, in milliseconds. */
const PATIENCE = 300_000;

/** Runs a suite and gives its tests with their errors. */
async function run(browser, suite, folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const workspace = path.join(folder, 'workspace');
  fs.mkdirSync(workspace, { recursive: true });
  for (const name of fs.readdirSync(datasets)) {
    fs.copyFileSync(path.join(datasets, name), path.join(workspace, name));
  }
  const result = path.join(folder, 'result.json');
  const extensions = suite.host ? [vsix, testsVsix] : [vsix];
  const environment = { TUNING_LS_SUITE: suite.host ?? '', TUNING_LS_RESULT: result, XDG_CACHE_HOME: path.join(folder, 'cache') };
  const { window, settings, trusting } = (await suite.prepare?.(workspace, environment)) ?? { window: { folder: workspace } };
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-'));
  const server = await CodeServer.start({ installed, data, extensions, settings, environment, trusting });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  try {
    await suite.installed?.(path.join(data, 'extensions'));
    await page.goto(server.address(window), { waitUntil: 'domcontentloaded' });
    if (suite.host) {
      await exists(result);
      return JSON.parse(fs.readFileSync(result, 'utf8'));
    }
    return await suite.screen({ page, workspace, pictures: path.join(folder, 'pictures') });
  } catch (error) {
    return [{ name: suite.name, error: error.stack }];
  } finally {
    await page.screenshot({ path: path.join(folder, 'end.png') }).catch(() => {});
    await context.close();
    await server.stop();
    fs.cpSync(path.join(data, 'user/logs'), path.join(folder, 'logs'), { recursive: true });
    await left(path.join(data, 'extensions'));
    fs.rmSync(data, { recursive: true, force: true });
  }
}

async function exists(file) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    if (fs.existsSync(file)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the suite does not end');
}

/** No server may be left when its editor is gone; it is given two seconds. */
async function left(extensions) {
  const running = () =>
    fs.readdirSync('/proc').filter((id) => {
      try {
        return /^\d+$/.test(id) && fs.readlinkSync(`/proc/${id}/exe`).startsWith(extensions);
      } catch {
        return false; // It has ended, or is the kernel's.
      }
    });
  for (const end = Date.now() + 2_000; running().length > 0; ) {
    if (Date.now() > end) throw new Error(`servers are left: ${running()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const browser = await chromium.launch(CHROMIUM);
const counts = { passed: 0, failed: 0 };
try {
  console.log(`VS Code ${JSON.parse(fs.readFileSync(path.join(installed, 'node_modules/code-server/lib/vscode/package.json'), 'utf8')).version}, ${browser.browserType().name()} ${browser.version()}`);
  for (const suite of SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const folder = path.join(out, suite.name);
    console.log(`${suite.name}: ${suite.title}`);
    let tests = await run(browser, suite, folder);
    if (tests.some(({ error }) => error)) {
      report(tests);
      console.log(`  RUN ONCE MORE: ${suite.name}`);
      fs.rmSync(`${folder}.first`, { recursive: true, force: true });
      fs.renameSync(folder, `${folder}.first`);
      tests = await run(browser, suite, folder);
    }
    const failed = report(tests);
    counts.failed += failed;
    counts.passed += tests.length - failed;
  }
} finally {
  await browser.close();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
