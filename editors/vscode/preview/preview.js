// The page of "Preview Example". It gets one example as data and shows it; it sends the offsets that the user sets.

(() => {
  const vscode = acquireVsCodeApi();
  const main = document.querySelector('main');
  /** The shown example, to keep a player when only findings change. */
  let shown = '';
  /** Its file and line. */
  let place = '';

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** Seconds as `1:05.0`. */
  function clock(seconds) {
    const rest = (seconds % 60).toFixed(1).padStart(4, '0');
    return `${Math.floor(seconds / 60)}:${rest}`;
  }

  function findings(found) {
    const list = element('ul', 'findings');
    for (const { message, severity } of found) list.append(element('li', severity.toLowerCase(), message));
    return list;
  }

  /** A video or an audio file that plays its segment again and again. */
  function player(part, hasSegments) {
    const box = element('div', 'player');
    const media = element(part.media === 'audio' ? 'audio' : 'video');
    media.controls = true;
    media.preload = 'metadata';
    media.src = part.source;
    const start = part.start ?? 0;
    const time = element('span', 'time');
    const tell = () => {
      const own = part.start === null && part.end === null ? '' : `, ${clock(Math.max(0, media.currentTime - start))} in the segment`;
      time.textContent = `${clock(media.currentTime)} in the file${own}`;
    };
    media.addEventListener('loadedmetadata', () => {
      media.currentTime = start;
      tell();
    });
    media.addEventListener('timeupdate', () => {
      const isBeyond = part.end !== null && media.currentTime >= part.end;
      if (isBeyond && !media.paused) media.currentTime = start;
      tell();
    });
    media.addEventListener('error', () => {
      time.textContent = 'This file cannot be played here. VS Code plays H.264, VP8, VP9, MP3, WAV, FLAC and Ogg.';
    });
    const bar = element('div', 'bar');
    bar.append(time);
    if (hasSegments) {
      for (const [name, title] of [['start', 'Set start here'], ['end', 'Set end here']]) {
        const button = element('button', `set-${name}`, title);
        button.addEventListener('click', () => {
          vscode.postMessage({ kind: 'offsets', media: part.index, [name]: media.currentTime });
        });
        bar.append(button);
      }
    }
    box.append(media, bar);
    return box;
  }

  function mediaBox(part, hasSegments) {
    const box = element('div', 'media');
    box.append(element('div', 'name', part.location ?? part.name));
    const times = [part.start === null ? '0:00' : clock(part.start), part.end === null ? 'the end' : clock(part.end)];
    if (part.start !== null || part.end !== null) box.append(element('div', 'segment', `from ${times[0]} to ${times[1]}`));
    if (!part.source) {
      const reason = part.location ? 'There is no local copy to show.' : 'The data is in the line.';
      box.append(element('div', 'note', reason));
    } else if (part.media === 'video' || part.media === 'audio') {
      box.append(player(part, hasSegments));
    } else if (part.media === 'image') {
      const image = element('img');
      image.src = part.source;
      image.alt = part.name;
      box.append(image);
    }
    return box;
  }

  function partBox(part, hasSegments) {
    switch (part.kind) {
      case 'media':
        return mediaBox(part, hasSegments);
      case 'text':
        return element('div', 'text', part.text);
      case 'thought':
        return element('div', 'text thought', part.text);
      case 'call':
      case 'result': {
        const box = element('div', part.kind);
        box.append(element('div', 'name', part.kind === 'call' ? `calls ${part.name}` : `result of ${part.name}`));
        box.append(element('pre', '', part.text));
        return box;
      }
      default:
        return element('pre', part.kind, part.text);
    }
  }

  function show(example) {
    main.replaceChildren();
    main.append(element('h1', '', `Example ${example.number} of ${example.count}`));
    for (const turn of example.turns) {
      const box = element('section', turn.speaker ?? 'unknown');
      const head = element('header', '', turn.role || turn.speaker || 'no role');
      if (turn.note) head.append(element('span', 'note', turn.note));
      box.append(head);
      for (const part of turn.parts) {
        box.append(partBox(part, example.hasSegments));
        box.append(findings(part.findings));
      }
      main.append(box);
    }
    if (example.turns.length === 0) main.append(element('p', 'note', 'This line is not an example.'));
  }

  /** Replaces the findings alone, so that a video goes on. */
  function showFindings(example) {
    const found = example.turns.flatMap((turn) => turn.parts.map((part) => part.findings));
    document.querySelectorAll('.findings').forEach((list, place) => list.replaceWith(findings(found[place] ?? [])));
  }

  window.addEventListener('message', ({ data }) => {
    if (data.kind === 'nothing') {
      shown = '';
      main.replaceChildren(element('p', 'note', 'There is no example at the cursor.'));
      return;
    }
    const bare = { ...data, turns: data.turns.map((turn) => ({ ...turn, parts: turn.parts.map((part) => ({ ...part, findings: [], range: 0 })) })) };
    const now = JSON.stringify(bare);
    if (now === shown) {
      showFindings(data);
    } else {
      const before = document.querySelector('video, audio');
      const [source, time] = [before?.src, before?.currentTime];
      show(data);
      // After an edit, the player stays where it was.
      const player = document.querySelector('video, audio');
      if (player && player.src === source && place === `${data.uri} ${data.line}`) {
        player.addEventListener('loadedmetadata', () => (player.currentTime = time), { once: true });
      }
    }
    shown = now;
    place = `${data.uri} ${data.line}`;
  });
  vscode.postMessage({ kind: 'ready' });
})();
