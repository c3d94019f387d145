// How an author of datasets works, with the keys and what they type: writes examples from nothing, edits a long one, pastes,
// renames a label, and goes from a clip to its training line. It counts the keys, and films the first half for the README.

import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { gone, inOrder, openFile, palette, shown, until } from './page.mjs';

/** The most keys for three whole examples, beside the texts themselves. */
const MAX_KEYS = 120;

const SUGGESTION = '.suggest-widget.visible .monaco-list-row';

/** An answer of 20 KB with a line break after each sentence. */
const EVENTS = [
  'The home side keeps the ball, and the keeper waits for a cross that \\"never\\" comes.',
  'A long pass finds the winger, who shoots from far away.',
  'Corner for the visitors: two defenders clear the ball.',
  'The referee stops the game after a foul in the center circle.',
  'Both coaches talk to their players during the break.',
];
const ANSWER = Array.from({ length: 320 }, (_, minute) => `${minute + 1}. ${EVENTS[minute % EVENTS.length]}\\n`).join('');

const LONG =
  `{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "gs://league/match-1.mp4", "mimeType": "video/mp4"}}, ` +
  `{"text": "Describe the match.\\nName each goal."}]}, {"role": "model", "parts": [{"text": "` +
  `${ANSWER}Final score: 2-1."}]}], "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"}}\n`;

/** Lines of one match, with these labels and begins of segments. */
function lines(match, labels, start = 0) {
  const line = (label, place) =>
    JSON.stringify({
      contents: [
        {
          role: 'user',
          parts: [
            {
              fileData: { fileUri: `gs://league/${match}.mp4`, mimeType: 'video/mp4' },
              videoMetadata: { startOffset: `${start + 30 * place}s`, endOffset: `${start + 30 * place + 10}s` },
            },
            { text: 'What happens?' },
          ],
        },
        { role: 'model', parts: [{ text: label }] },
      ],
      generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' },
    });
  return `${labels.map(line).join('\n')}\n`;
}

/** The clips to write: what a person has to type. */
const CLIPS = [
  ['gs://league/match-7.mp4', '0s', '12s', 'Which event is shown?', 'A corner kick.'],
  ['gs://league/match-8.mp4', '65s', '80s', undefined, 'A goal by the home side.'],
  ['gs://league/match-9.mp4', '10s', '25s', undefined, 'An offside.'],
];

const PYTHON = `{
    'contents': [
        {'role': 'user', 'parts': [{'text': 'From a notebook?'}]},
        {'role': 'model', 'parts': [{'text': "Yes, it's a dict."}]},
    ],
}`;
const SHEET = 'video\tstart\tend\tprompt\tlabel\ngs://league/match-2.mp4\t1:05\t1:20\tWhat happens?\tGoal\ngs://league/match-3.mp4\t0:10\t0:25\tWhat happens?\tCorner\n';
const PRETTY = JSON.stringify(JSON.parse(lines('match-4', ['Throw-in'])), null, 2);

/** The keyboard. `press` counts, and `text` types what only the author can know. */
class Keys {
  count = 0;
  constructor(page) {
    this.page = page;
  }
  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.count += 1;
    }
  }
  text(text) {
    return this.page.keyboard.type(text, { delay: 15 });
  }
}

/** Waits until a file on disk has a text that satisfies `is`; returns the text. */
async function onDisk(file, what, is) {
  let text;
  await until(what, () => is((text = fs.readFileSync(file, 'utf8'))));
  return text;
}

export const walk = {
  permissions: ['clipboard-read', 'clipboard-write'],
  prepare(workspace) {
    fs.writeFileSync(path.join(workspace, 'new.jsonl'), '');
    fs.writeFileSync(path.join(workspace, 'paste.jsonl'), lines('match-6', ['Goal']));
    fs.writeFileSync(path.join(workspace, 'long.jsonl'), lines('match-5', ['Goal']) + LONG);
    fs.mkdirSync(path.join(workspace, 'league'));
    fs.writeFileSync(path.join(workspace, 'league/train.jsonl'), lines('match-1', ['Goal', 'Corner', 'Gaol', 'Gaol']));
    const held = lines('match-2', ['Gaol']) + lines('match-1', ['Gaol'], 32);
    fs.writeFileSync(path.join(workspace, 'league/validation.jsonl'), held);
    return { window: { folder: workspace } };
  },
  screen({ page, workspace, pictures }) {
    const recording = path.join(pictures, 'recording');
    fs.mkdirSync(recording, { recursive: true });
    const file = (name) => path.join(workspace, name);
    const picture = (name) => page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
    let frames = 0;
    /** Adds a picture to the recording, which shows it for so many milliseconds. */
    const frame = async (milliseconds = 400) => {
      frames += 1;
      const name = `${String(frames).padStart(3, '0')}-${milliseconds}.png`;
      await page.screenshot({ path: path.join(recording, name), animations: 'disabled' });
    };
    const keys = new Keys(page);
    const unsaved = (name) => `.tab.dirty[data-resource-name="${name}"]`;
    /** Saves the changed file in view; returns its text. */
    const clean = async (name) => {
      await shown(page, unsaved(name));
      await page.keyboard.press('Control+s');
      await gone(page, unsaved(name));
      return fs.readFileSync(file(name), 'utf8');
    };
    const copy = (text) => page.evaluate((text) => navigator.clipboard.writeText(text), text);

    return inOrder({
      async 'three video examples are written from an empty file'() {
        await shown(page, '.monaco-workbench');
        await openFile(page, 'new.jsonl');
        await page.keyboard.press('Control+b');
        await shown(page, '#status\\.editor\\.mode', 'JSON Lines');
        await page.locator('.monaco-editor .view-lines').first().click();
        await frame(1000);
        keys.count = 0;
        for (const [place, [uri, start, end, prompt, answer]] of CLIPS.entries()) {
          const isFirst = place === 0;
          if (!isFirst) await keys.press('Enter');
          await keys.press('Control+Space');
          await shown(page, SUGGESTION, 'video segment example');
          await keys.press('s', 'e', 'g');
          await gone(page, SUGGESTION, 'image example');
          await shown(page, `${SUGGESTION}.focused`, 'video segment example');
          await frame(isFirst ? 1400 : 300);
          await keys.press('Enter');
          await shown(page, '.view-lines', 'fileUri');
          await frame(isFirst ? 800 : 200);
          for (const [stop, text] of [uri, undefined, start, end, prompt, answer, undefined].entries()) {
            if (text !== undefined) {
              await keys.text(text);
              if (isFirst) await frame(500);
            }
            await keys.press('Tab');
          }
          await frame(isFirst ? 800 : 400);
        }
        const written = (await clean('new.jsonl')).trimEnd().split('\n');
        const expected = CLIPS.map(([uri, start, end, , answer]) => [uri, 'video/mp4', start, end, CLIPS[0][3], answer]);
        const found = written.map((line) => {
          const { contents, generationConfig } = JSON.parse(line);
          const [{ parts: [clip, prompt] }, model] = contents;
          assert.match(generationConfig.mediaResolution, /^MEDIA_RESOLUTION_/);
          const { startOffset, endOffset } = clip.videoMetadata;
          return [clip.fileData.fileUri, clip.fileData.mimeType, startOffset, endOffset, prompt.text, model.parts[0].text];
        });
        assert.deepEqual(found, expected);
        assert.equal(await page.locator('.squiggly-error').count(), 0);
        console.log(`         three video examples: ${keys.count} keys beside the texts`);
        assert.ok(keys.count <= MAX_KEYS, `${keys.count} keys`);
      },
      async 'a line of 20 KB is read and edited in the view, saved and undone'() {
        await openFile(page, 'long.jsonl');
        await page.locator('.monaco-editor.focused, .monaco-editor').first().click();
        await page.keyboard.press('Control+End');
        await page.keyboard.press('ArrowUp');
        await frame(900);
        await page.keyboard.press('Control+Alt+e');
        await shown(page, '.tab.active', 'long.jsonl.tuning-example');
        await shown(page, '.view-line', '"generationConfig"');
        await page.keyboard.press('Control+Home');
        await shown(page, '.view-line', 'line 2, example 2 of 2');
        await shown(page, '.view-line', 'Name each goal.');
        await frame(1500);
        await picture('view');
        // Not with the find widget: on a busy machine, it takes keys after it is closed.
        await page.keyboard.press('Control+g');
        await shown(page, '.quick-input-widget input');
        await page.keyboard.type('338:14');
        await page.keyboard.press('Enter');
        await shown(page, '#status\\.editor\\.selection', 'Ln 338, Col 14');
        for (let count = 0; count < 3; count++) await page.keyboard.press('Shift+ArrowRight');
        await shown(page, '#status\\.editor\\.selection', '(3 selected)');
        await page.keyboard.type('3-1');
        await shown(page, '#status\\.editor\\.selection', 'Ln 338, Col 17');
        await page.keyboard.press('Enter');
        await page.keyboard.type('The last goal was the best.');
        await frame(1500);
        const line = (text) => text.split('\n')[1];
        const before = fs.readFileSync(file('long.jsonl'), 'utf8');
        await page.keyboard.press('Control+s');
        await gone(page, unsaved('long.jsonl.tuning-example'));
        assert.equal(fs.readFileSync(file('long.jsonl'), 'utf8'), before, 'saving a view writes no file');
        await page.keyboard.press('Control+Alt+e');
        await shown(page, '#status\\.editor\\.mode', 'JSON Lines');
        await shown(page, unsaved('long.jsonl'));
        await frame(1200);
        const written = await clean('long.jsonl');
        assert.equal(line(written), line(before).replace('2-1.', '3-1\\nThe last goal was the best..'));
        assert.equal(written.split('\n')[0], before.split('\n')[0]);
        await page.keyboard.press('Control+z');
        assert.equal(await clean('long.jsonl'), before);
        await palette(page, 'View: Close All Editors');
        await gone(page, '.tab');
      },
      async 'an example is duplicated and looked through in its view'() {
        await openFile(page, 'video-clean.jsonl');
        await shown(page, '.statusbar-item', '100 examples · LOW');
        await page.keyboard.press('Control+g');
        await shown(page, '.quick-input-widget input');
        await page.keyboard.type('2');
        await page.keyboard.press('Enter');
        await shown(page, '#status\\.editor\\.selection', 'Ln 2, Col 1');
        await page.keyboard.press('Control+Alt+e');
        await shown(page, '.view-line', 'line 2, example 2 of 100');
        await page.keyboard.press('Control+Alt+d');
        await shown(page, '.view-line', 'line 3, example 3 of 101');
        await page.keyboard.press('Control+Alt+PageDown');
        await shown(page, '.view-line', 'line 4, example 4 of 101');
        await page.keyboard.press('Control+Alt+e');
        await shown(page, '#status\\.editor\\.selection', 'Ln 4, Col 1');
        const before = fs.readFileSync(file('video-clean.jsonl'), 'utf8').split('\n');
        before.splice(2, 0, before[1]);
        assert.deepEqual((await clean('video-clean.jsonl')).split('\n'), before);
        await page.keyboard.press('Control+z');
        await clean('video-clean.jsonl');
        await palette(page, 'View: Close All Editors');
        await gone(page, '.tab');
      },
      async 'a new dataset begins with an example of a kind'() {
        await palette(page, 'tuning-ls: New Dataset…');
        await shown(page, '.quick-input-list .monaco-list-row', 'video segment example');
        await page.keyboard.type('text example');
        await page.keyboard.press('Enter');
        await shown(page, '#status\\.editor\\.mode', 'JSON Lines');
        await shown(page, '.view-line', '"contents"');
        await page.keyboard.type('Is it new?');
        await shown(page, '.view-line', '"Is it new?"');
        await page.keyboard.press('Escape');
        await palette(page, 'View: Revert and Close Editor');
        await gone(page, '.tab');
      },
      async 'a dict, cells of a spreadsheet and pretty JSON are pasted'() {
        await openFile(page, 'paste.jsonl');
        await page.locator('.monaco-editor .view-lines').first().click();
        let expected = lines('match-6', ['Goal']);
        for (const [what, text, made] of [
          ['a dict of a notebook', PYTHON, [['From a notebook?', "Yes, it's a dict."]]],
          ['cells of a spreadsheet', SHEET, [['What happens?', 'Goal'], ['What happens?', 'Corner']]],
          ['pretty JSON of the documentation', PRETTY, [['What happens?', 'Throw-in']]],
        ]) {
          await page.keyboard.press('Control+End');
          if (!expected.endsWith('\n')) await page.keyboard.press('Enter');
          await copy(text);
          await frame(200);
          await page.keyboard.press('Control+v');
          await shown(page, '.view-line', made.at(-1)[1]);
          await frame(900);
          const now = await clean('paste.jsonl');
          assert.ok(now.startsWith(expected), what);
          const added = now.slice(expected.length).trim().split('\n').map((line) => JSON.parse(line).contents);
          const texts = added.map((contents) => contents.map(({ parts }) => parts.find(({ text }) => text).text));
          assert.deepEqual(texts, made, what);
          if (what.includes('spreadsheet')) {
            const media = added.map(([{ parts }]) => [parts[0].fileData.fileUri, parts[0].videoMetadata.startOffset]);
            assert.deepEqual(media, [['gs://league/match-2.mp4', '65s'], ['gs://league/match-3.mp4', '10s']]);
          }
          expected = now;
        }
        await picture('pasted');
        await palette(page, 'View: Close All Editors');
        await gone(page, '.tab');
      },
      async 'a label is renamed in two files'() {
        await openFile(page, 'validation.jsonl');
        await shown(page, '.view-line', 'Gaol');
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('Control+f');
        await page.keyboard.type('Gaol');
        await shown(page, '#status\\.editor\\.selection', '(4 selected)');
        await page.keyboard.press('Escape');
        await gone(page, '.find-widget.visible');
        await page.keyboard.press('F2');
        const name = await shown(page, '.rename-box input:focus');
        await until('the old name is offered', async () => (await name.inputValue()) === 'Gaol');
        await page.keyboard.press('Control+a');
        await page.keyboard.type('Goal');
        await until('the new name is typed', async () => (await name.inputValue()) === 'Goal');
        await frame(900);
        await page.keyboard.press('Enter');
        await gone(page, '.view-line', 'Gaol');
        await frame(900);
        await palette(page, 'File: Save All Files');
        const train = lines('match-1', ['Goal', 'Corner', 'Goal', 'Goal']);
        await onDisk(file('league/train.jsonl'), 'the other file is saved', (text) => text === train);
        const held = lines('match-2', ['Goal']) + lines('match-1', ['Goal'], 32);
        await onDisk(file('league/validation.jsonl'), 'the file is saved', (text) => text === held);
      },
      async 'a held-out clip leads to its training line'() {
        await openFile(page, 'validation.jsonl');
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Control+f');
        await page.keyboard.type('match-1');
        await shown(page, '#status\\.editor\\.selection', '(7 selected)');
        await page.keyboard.press('Escape');
        await gone(page, '.find-widget.visible');
        await page.keyboard.press('F12');
        await shown(page, '.tab.active', 'train.jsonl');
        await shown(page, '#status\\.editor\\.selection', 'Ln 2');
        await frame(1500);
      },
    });
  },
};
