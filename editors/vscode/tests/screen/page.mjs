// Helpers of the suites that drive the page.

/** How long to wait for anything, in milliseconds. Test machines can be slow. */
export const PATIENCE = 60_000;

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Launch options of Chromium. They keep it from using the network. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM,
  args: [...ARGUMENTS, '--disable-component-update', '--disable-sync'],
};

/** Prints tests with their errors; returns how many failed. */
export function report(tests) {
  for (const { name, error, milliseconds } of tests) {
    console.log(`  ${error ? 'FAILED' : 'ok    '} ${name}${milliseconds === undefined ? '' : ` (${milliseconds} ms)`}`);
    if (error) console.log(error.replace(/^/gm, '         '));
  }
  return tests.filter(({ error }) => error).length;
}

/** Runs tests one after the other until one fails; returns them with their errors. */
export async function inOrder(tests) {
  const results = [];
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await test();
      results.push({ name, milliseconds: Date.now() - start });
    } catch (error) {
      results.push({ name, error: error.stack });
      break;
    }
  }
  return results;
}

/** Waits until a matching element, with this text if given, is on the page. */
export async function shown(page, selector, hasText) {
  const found = page.locator(selector, hasText ? { hasText } : {}).first();
  await found.waitFor({ timeout: PATIENCE });
  return found;
}

/** Waits until no matching element is on the page. */
export async function gone(page, selector, hasText) {
  await page.locator(selector, hasText ? { hasText } : {}).first().waitFor({ state: 'detached', timeout: PATIENCE });
}

/** Waits until `look` returns true. */
export async function until(what, look) {
  for (const end = Date.now() + PATIENCE; !(await look()); ) {
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Points at an element until the popup is on the page. A popup closes if what the pointer is on is drawn again. */
export async function hovered(page, selector, popup, options) {
  await until('the popup appears', async () => {
    await page.mouse.move(0, 0);
    await page.locator(selector).first().hover(options);
    return popup.waitFor({ timeout: 3_000 }).then(() => true, () => false);
  });
}

/** Runs a command by its full title. Does not wait for its effect. */
export function palette(page, title) {
  return pick(page, 'F1', title);
}

/** Opens a file by its name. */
export async function openFile(page, name) {
  await pick(page, 'Control+p', name);
  await shown(page, '.tab.active', name);
}

/** Types a name into the list that a key opens, and accepts the entry with this name. */
async function pick(page, key, name) {
  const entry = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first();
  await until(`${name} is listed`, async () => {
    await page.keyboard.press(key);
    await shown(page, '.quick-input-widget input');
    await page.keyboard.type(name);
    if (await entry.waitFor({ timeout: 10_000 }).then(() => true, () => false)) return true;
    // A list that was just opening has lost what was typed.
    await page.keyboard.press('Escape');
    return false;
  });
  await page.keyboard.press('Enter');
}
