// Paths in settings, as people write them on each system.

import * as path from 'node:path';

/** The path of a program that a setting names, with `~` for the home folder. Returns `undefined` if it is relative. */
export function programPath(named: string, home: string, platform: string = process.platform): string | undefined {
  const { isAbsolute, join } = platform === 'win32' ? path.win32 : path.posix;
  const below = (platform === 'win32' ? /^~[\\/](.*)$/s : /^~\/(.*)$/s).exec(named)?.[1];
  const file = below === undefined ? named : join(home, below);
  return isAbsolute(file) ? file : undefined;
}

/** A pattern for files as VS Code matches it: with `/` between folders. Elsewhere than on Windows, a name may have a `\`. */
export function filePattern(pattern: string, platform: string = process.platform): string {
  return platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
}
