// "Preview Example" with a real clip: the panel shows the conversation, plays the segment and sets its end.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inOrder, openFile, palette, shown, until } from './page.mjs';

const line = (segment, answer) =>
  JSON.stringify({
    contents: [
      {
        role: 'user',
        parts: [
          { fileData: { fileUri: 'gs://league/clips/match-1.webm', mimeType: 'video/webm' }, ...segment },
          { text: 'What happens?\nName <b>one</b> event.' },
        ],
      },
      { role: 'model', parts: [{ text: answer }] },
    ],
    generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' },
  });

const LINES = [
  line({ videoMetadata: { startOffset: '2s', endOffset: '4s' } }, '{"label": "goal"}'),
  line({}, 'A corner.'),
];

export const preview = {
  prepare(workspace) {
    // A clip of ten seconds that shows its time.
    const clip = path.join(workspace, 'local/match-1.webm');
    fs.mkdirSync(path.dirname(clip));
    const video = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25', '-t', '10', '-c:v', 'libvpx', '-g', '25'];
    execFileSync(process.env.FFMPEG, ['-v', 'error', '-y', ...video, '-deadline', 'realtime', clip]);
    fs.writeFileSync(path.join(workspace, 'match.jsonl'), `${LINES.join('\n')}\n`);
    const mirror = '[[media.mirror]]\nprefix = "gs://league/clips/"\nfolder = "local"\n';
    fs.writeFileSync(path.join(workspace, 'tuning-ls.toml'), mirror);
    return { window: { folder: workspace } };
  },
  screen({ page, workspace, pictures }) {
    fs.mkdirSync(pictures, { recursive: true });
    const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    const video = panel.locator('video');
    const time = () => video.evaluate((it) => it.currentTime);
    const text = (selector) => panel.locator(selector).first().textContent();

    return inOrder({
      async 'the example at the cursor is shown as a conversation'() {
        await openFile(page, 'match.jsonl');
        await shown(page, '#status\\.editor\\.mode', 'JSON Lines');
        await page.locator('.monaco-editor .view-lines').first().click();
        await page.keyboard.press('Control+Home');
        await palette(page, 'tuning-ls: Preview Example');
        await panel.locator('h1').waitFor();
        assert.strictEqual(await text('h1'), 'Example 1 of 2');
        // Texts are shown as they are written.
        assert.strictEqual(await text('section.user .text'), 'What happens?\nName <b>one</b> event.');
        assert.strictEqual(await text('section.model pre'), '{\n  "label": "goal"\n}');
      },
      async 'its video plays in the segment, again and again'() {
        await video.waitFor();
        await until('the video starts at the segment', async () => Math.abs((await time()) - 2) < 0.05);
        await video.evaluate((it) => {
          it.muted = true;
          return it.play();
        });
        await until('the video plays', async () => (await time()) > 2.5);
        const times = [];
        for (const end = Date.now() + 4_000; Date.now() < end; ) {
          times.push(await time());
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.ok(times.every((it) => it > 1.9 && it < 4.6), `${times}`);
        assert.ok(times.some((it, place) => place > 0 && it < times[place - 1]), 'it never starts again');
        await page.screenshot({ path: path.join(pictures, 'preview.png'), animations: 'disabled' });
      },
      async '"Set end here" changes the line'() {
        await video.evaluate((it) => {
          it.pause();
          it.currentTime = 3.5;
        });
        await until('the video is there', async () => Math.abs((await time()) - 3.5) < 0.05);
        await panel.locator('button.set-end').click();
        await shown(page, '.tab.dirty[data-resource-name="match.jsonl"]');
        await until('the panel shows the new end', async () => (await text('.segment')) === 'from 0:02.0 to 0:03.5');
        // The player stays where it was.
        await until('the video is still there', async () => Math.abs((await time()) - 3.5) < 0.05);
        await page.locator('.tab[data-resource-name="match.jsonl"]').click();
        await page.keyboard.press('Control+s');
        const file = path.join(workspace, 'match.jsonl');
        const expected = [LINES[0].replace('"4s"', '"3.5s"'), LINES[1], ''].join('\n');
        await until('the file is saved', () => fs.readFileSync(file, 'utf8') === expected);
      },
      async 'the panel follows the cursor to the next line'() {
        await page.locator('.monaco-editor .view-lines').first().click();
        await page.keyboard.press('Control+End');
        await page.keyboard.press('ArrowUp');
        await until('the next example', async () => (await text('h1')) === 'Example 2 of 2');
        await until('the whole file', async () => (await time()) < 0.05);
      },
    });
  },
};
