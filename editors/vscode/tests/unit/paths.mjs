// Tests of src/paths.ts for each system, which `node --test` runs.

import { buildSync } from 'esbuild';
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';

const source = path.join(import.meta.dirname, '../../src/paths.ts');
const built = buildSync({ entryPoints: [source], write: false, format: 'esm', platform: 'node' }).outputFiles[0].text;
const { programPath, filePattern } = await import(`data:text/javascript,${encodeURIComponent(built)}`);

test('a program is named by an absolute path or from the home folder', () => {
  const windows = (named) => programPath(named, 'C:\\Users\\me', 'win32');
  assert.equal(windows('C:\\tools\\tuning-ls.exe'), 'C:\\tools\\tuning-ls.exe');
  assert.equal(windows('c:/tools/tuning-ls.exe'), 'c:/tools/tuning-ls.exe');
  assert.equal(windows('\\\\server\\share\\tuning-ls.exe'), '\\\\server\\share\\tuning-ls.exe');
  assert.equal(windows('~\\bin\\tuning-ls.exe'), 'C:\\Users\\me\\bin\\tuning-ls.exe');
  assert.equal(windows('~/bin/tuning-ls.exe'), 'C:\\Users\\me\\bin\\tuning-ls.exe');
  for (const relative of ['tuning-ls.exe', '.\\tuning-ls.exe', 'C:tuning-ls.exe', '~me\\tuning-ls.exe']) {
    assert.equal(windows(relative), undefined, relative);
  }
  const linux = (named) => programPath(named, '/home/me', 'linux');
  assert.equal(linux('/usr/bin/tuning-ls'), '/usr/bin/tuning-ls');
  assert.equal(linux('~/bin/tuning-ls'), '/home/me/bin/tuning-ls');
  for (const relative of ['tuning-ls', './tuning-ls', '~\\tuning-ls', 'C:\\tuning-ls.exe']) {
    assert.equal(linux(relative), undefined, relative);
  }
});

test('a pattern of Windows may have backslashes', () => {
  assert.equal(filePattern('data\\**\\*.json', 'win32'), 'data/**/*.json');
  assert.equal(filePattern('data/**/*.json', 'win32'), 'data/**/*.json');
  assert.equal(filePattern('a\\b.json', 'linux'), 'a\\b.json');
});
