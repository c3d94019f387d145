// A tour of the user interface, from the first finding to the page that explains it. It also takes the pictures of the
// README and the walkthrough.

import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { gone, hovered, inOrder, openFile, palette, shown, until } from './page.mjs';

const ROW = '.markers-panel .monaco-list-row';

/** An example of 60,000 characters with a fault at its end. */
const LONG = `{"contents":[{"role":"user","parts":[{"text":"${'many words '.repeat(5_450)}"}]},{"role":"model","parts":[{"text":"dog",}]}]}\n`;

export const tour = {
  prepare(workspace) {
    fs.writeFileSync(path.join(workspace, 'long-line.jsonl'), LONG);
    return { window: { folder: workspace } };
  },
  screen({ page, workspace, pictures }) {
    fs.mkdirSync(pictures, { recursive: true });
    const picture = async (name, clip) => {
      await page.screenshot({ path: path.join(pictures, `${name}.png`), clip, animations: 'disabled' });
    };
    return inOrder({
      async 'findings are underlined and listed'() {
        await shown(page, '.monaco-workbench');
        await openFile(page, 'video-broken.jsonl');
        await shown(page, '.squiggly-error');
        await page.keyboard.press('Control+Shift+M');
        await shown(page, ROW, 'trailing-comma');
        await page.keyboard.press('Control+b');
        await picture('findings');
      },
      async 'a quick fix is offered and fixes the finding'() {
        await page.locator(ROW, { hasText: 'trailing-comma' }).first().dblclick();
        await shown(page, '.monaco-editor.focused');
        await shown(page, '#status\\.editor\\.selection', 'Ln 2, Col 132');
        await page.keyboard.press('Control+.');
        await shown(page, '.action-widget .monaco-list-row', 'Remove');
        await picture('quick-fix');
        await page.keyboard.press('Enter');
        await gone(page, ROW, 'trailing-comma');
      },
      async 'the fix can be undone'() {
        await page.keyboard.press('Control+z');
        await shown(page, ROW, 'trailing-comma');
        await page.keyboard.press('Control+j');
      },
      async 'examples are offered on an empty line'() {
        await openFile(page, 'video-clean.jsonl');
        await palette(page, 'tuning-ls: New Example');
        await shown(page, '.suggest-widget.visible .monaco-list-row', 'example');
        await picture('completion', { x: 0, y: 0, width: 1280, height: 420 });
        await page.keyboard.press('Escape');
      },
      async 'the pointer on a finding shows what is wrong, with a link to the page'() {
        await openFile(page, 'video-broken.jsonl');
        await shown(page, '.squiggly-error');
        // Hints move the text when they appear.
        await shown(page, '.view-line', '#3');
        // The text is above the underline, so the pointer would hit the text.
        const link = page.locator('.monaco-hover a', { hasText: 'trailing-comma' }).first();
        await hovered(page, '.squiggly-error', link, { force: true });
        await link.click();
        await shown(page, '.tab.active', 'trailing-comma.md');
      },
      async 'the page of a rule is shown rendered'() {
        await palette(page, 'tuning-ls: Explain Rule');
        await shown(page, '.quick-input-list .monaco-list-row', 'byte-order-mark');
        await page.keyboard.type('drop-rate');
        await shown(page, '.quick-input-list .monaco-list-row.focused', 'drop-rate');
        await page.keyboard.press('Enter');
        await shown(page, '.tab.active', 'drop-rate');
        const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
        await frame.locator('h1', { hasText: 'drop-rate' }).waitFor();
        await picture('rule');
      },
      async 'the status shows the server and the figures of the dataset'() {
        await openFile(page, 'video-too-long.jsonl');
        await shown(page, '.squiggly-error');
        const panel = page.locator('.hover-language-status', { hasText: '0 of 20 examples would be trained' }).first();
        // An open panel stays as it is when the figures change.
        await hovered(page, '#status\\.languageStatus', panel);
        assert.match(await page.locator('.monaco-hover').last().innerText(), /tuning-ls \d+\.\d+\.\d+[^]*bundled: /);
        await picture('status', { x: 640, y: 680, width: 640, height: 120 });
        await page.mouse.move(0, 0);
      },
      async 'the summary says that the job would fail'() {
        await palette(page, 'tuning-ls: Show Dataset Summary');
        await shown(page, '.tab.active', 'Summary of video-too-long');
        const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
        await frame.locator('strong', { hasText: 'the job fails' }).waitFor();
        await picture('summary', { x: 0, y: 0, width: 1280, height: 420 });
      },
      async 'the end of a long line is drawn, colored and underlined'() {
        await openFile(page, 'long-line.jsonl');
        await page.locator('.monaco-editor .view-lines').click();
        await page.keyboard.press('Control+End');
        await shown(page, '.squiggly-error');
        const line = page.locator('.view-line', { hasText: '"dog"' });
        assert.ok(!(await line.innerText()).includes('Show more'));
        const key = await line.locator('span span', { hasText: '"role"' }).last().getAttribute('class');
        const value = await line.locator('span span', { hasText: /^dog$/ }).last().getAttribute('class');
        assert.notEqual(key, value);
      },
      async 'the walkthrough has its steps and pictures'() {
        await palette(page, 'Welcome: Open Walkthrough...');
        await shown(page, '.quick-input-list .monaco-list-row', 'Get a tuning dataset right');
        await page.keyboard.type('Get a tuning dataset');
        await page.keyboard.press('Enter');
        await shown(page, '.getting-started-step', 'Fix the mistakes');
        // A missing picture is only as high as its alternative text.
        const image = await shown(page, '.getting-started-media img');
        await until('the picture is loaded', async () => (await image.boundingBox())?.height > 100);
      },
      async 'the tour has changed no file'() {
        const fixtures = path.join(import.meta.dirname, '../../../../fixtures/datasets');
        for (const name of fs.readdirSync(fixtures)) {
          const same = fs.readFileSync(path.join(fixtures, name)).equals(fs.readFileSync(path.join(workspace, name)));
          assert.ok(same, name);
        }
      },
    });
  },
};
