// Runs test suites in VS Code, each in its own instance.
//
// usage: node run.mjs VSCODE VSIX TESTS-VSIX OUT [SUITE...]
//
// A suite is a file in host/suites/, which runs inside the extension host, or one in screen/, which drives the page like
// a user. Suites wait for events, with generous limits. If VS Code does not start, it is started once more, with a
// message. There is no other retry.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { CodeServer, NeverStarted } from '../code-server.mjs';
import { CHROMIUM, report, shown } from './screen/page.mjs';
import { SUITES } from './suites.mjs';

const [installed, vsix, testsVsix, out, ...wanted] = process.argv.slice(2);
const here = import.meta.dirname;
const datasets = path.join(here, '../../../fixtures/datasets');

/** How long a whole suite may take, in milliseconds. */
const PATIENCE = 300_000;

/** How long VS Code may take until it runs a suite, in milliseconds. */
const START = 60_000;

/** Turns a failure in a part of the startup into NeverStarted. */
async function startUp(part) {
  try {
    return await part;
  } catch (error) {
    throw new NeverStarted(error.message, { cause: error });
  }
}

/** Runs a suite; returns its tests with their errors. */
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
  // If the extension cannot be installed, the suite fails. So this is not part of the startup.
  const server = await CodeServer.start({ installed, data, extensions, settings, environment, trusting });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: suite.permissions });
  const page = await context.newPage();
  try {
    await suite.installed?.(path.join(data, 'extensions'));
    await startUp(page.goto(server.address(window), { waitUntil: 'domcontentloaded' }));
    await startUp(shown(page, '.monaco-workbench'));
    if (suite.host) {
      await startUp(exists(`${result}.running`, START));
      await exists(result, PATIENCE);
      return JSON.parse(fs.readFileSync(result, 'utf8'));
    }
    return await suite.screen({ page, workspace, pictures: path.join(folder, 'pictures') });
  } finally {
    await page.screenshot({ path: path.join(folder, 'end.png') }).catch(() => {});
    await context.close();
    await server.stop();
    fs.cpSync(path.join(data, 'user/logs'), path.join(folder, 'logs'), { recursive: true });
    await left(path.join(data, 'extensions'));
    fs.rmSync(data, { recursive: true, force: true });
  }
}

/** Waits until a file exists. */
async function exists(file, patience) {
  for (const end = Date.now() + patience; !fs.existsSync(file); ) {
    if (Date.now() > end) throw new Error(`${path.basename(file)} never appeared`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asserts that all servers have ended two seconds after their editor. */
async function left(extensions) {
  const running = () =>
    fs.readdirSync('/proc').filter((id) => {
      try {
        return /^\d+$/.test(id) && fs.readlinkSync(`/proc/${id}/exe`).startsWith(extensions);
      } catch {
        return false; // It has ended, or is a kernel thread.
      }
    });
  for (const end = Date.now() + 2_000; running().length > 0; ) {
    if (Date.now() > end) throw new Error(`servers still run: ${running()}`);
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
    const again = (error) => {
      if (!(error instanceof NeverStarted)) throw error;
      console.log(`  RESTARTED: ${suite.name}: ${error.message}`);
      fs.rmSync(`${folder}.first`, { recursive: true, force: true });
      fs.renameSync(folder, `${folder}.first`);
      return run(browser, suite, folder);
    };
    const failed = (error) => [{ name: suite.name, error: error.stack }];
    const tests = await run(browser, suite, folder).catch(again).catch(failed);
    const errors = report(tests);
    counts.failed += errors;
    counts.passed += tests.length - errors;
  }
} finally {
  await browser.close();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
