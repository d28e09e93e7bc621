import { parseArgs } from 'node:util';

// `npm run demo`: the real bot, a WhatsApp of its own on this machine, and a page of phones in the browser.

const usage = `Usage: npm run demo [-- --port PORT] [-- --data DIR]

  --port PORT  the port of the page; 8100, or any free one, unless given
  --data DIR   keep the bot's data (messages, settings, login) in DIR instead of deleting them at the end`;

// Loading everything takes a second or two. Hence the imports at run time: first a sign of life, then the work.
try {
  const wishes = readArguments();
  if (wishes.help) {
    process.stdout.write(`${usage}\n`);
  } else {
    process.stdout.write(
      'Shopbell demo: the real bot, with a WhatsApp and an online shop on this machine. Nothing leaves this computer.\n',
    );
    const { runDemo } = await import('../src/simulator/demo/run.ts');
    const { silenceConsole } = await import('../src/whatsapp/quiet-libraries.ts');
    const { silentLog } = await import('../src/lib/log.ts');
    silenceConsole(silentLog);
    process.exitCode = await runDemo({
      ...wishes,
      environment: process.env,
      print: (text) => process.stdout.write(`${text}\n`),
    });
  }
} catch (error) {
  process.stderr.write(`${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
}
// Libraries leave timers behind; everything of ours is closed by now. The empty write comes after all that was printed.
process.stdout.write('', () => process.exit());

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { port, data, help } = values;
    if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
      throw new Error(`“${port}” is no port; expected a whole number from 0 to 65535`);
    }
    return { help, data, port: port === undefined ? undefined : Number(port) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exit(1);
  }
}
