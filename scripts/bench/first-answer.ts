import { DemoProgram } from '../browser/demo-program.ts';
import { findBrowser } from '../browser/find-browser.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { PhonesPage } from '../browser/phones-page.ts';
import { closeEverything, closeLater } from './closing.ts';
import { median, table, verdict } from './table.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const RUNS = 5;
const AIM_SECONDS = 15;

/** From `npm run demo` on a machine with an open browser to the bot's first answer on the page, everything new each time. */
export async function benchFirstAnswer(): Promise<void> {
  const browser = findBrowser();
  if (!browser) {
    throw new Error('This needs Chromium or Chrome; TEST_BROWSER=/path/to/it names one in an unusual place');
  }
  const rows: string[][] = [];
  const all: number[] = [];
  while (all.length < RUNS) {
    const steps = await measureFirstAnswer(browser);
    await closeEverything();
    all.push(steps.answered);
    rows.push([String(all.length), ...Object.values(steps).map((seconds) => seconds.toFixed(1)), '', '']);
  }
  rows.push(['median', '', '', median(all).toFixed(1), `< ${AIM_SECONDS}`, verdict(median(all) < AIM_SECONDS)]);
  console.log('\nFrom npm run demo to the first answer on the page, seconds');
  console.log(table(['run', 'page', 'linked', 'answered', 'aim', ''], rows));
}

/** Seconds from the start to each step. */
async function measureFirstAnswer(program: string) {
  const browser = await openBrowser(program);
  closeLater(() => browser.close());
  const directory = temporaryDirectory();

  const started = performance.now();
  const sinceStart = () => (performance.now() - started) / 1000;
  const demo = await DemoProgram.start({ by: 'npm', arguments: ['--data', directory] });
  closeLater(async () => void (await demo.stop()));
  const page = await PhonesPage.open(browser, demo.address);
  const shown = sinceStart();
  await page.link();
  const linked = sinceStart();
  const olga = page.phone('Olga');
  await olga.write('help');
  await olga.message('Written by the bot').waitFor();
  return { shown, linked, answered: sinceStart() };
}
