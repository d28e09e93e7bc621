import { type Browser, chromium } from 'playwright-core';

/** Our own page from our own machine needs no sandbox, which containers seldom allow; the rest keeps the browser from calling home. */
const options: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser without a window. */
export function openBrowser(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: [...options] });
}
