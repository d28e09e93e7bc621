import { accessSync, constants } from 'node:fs';

/** Where Chromium and what is made from it are usually installed. */
const usualPlaces: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The program of a browser that can be steered, or `undefined` when this machine has none.
 *
 * @param named the path in TEST_BROWSER: whoever names one gets that one, or an error
 */
export function findBrowser(
  named = process.env['TEST_BROWSER'],
  places: readonly string[] = usualPlaces,
): string | undefined {
  if (named && !isProgram(named)) {
    throw new Error(`TEST_BROWSER names ${named}, which is no program on this machine`);
  }
  return named || places.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
