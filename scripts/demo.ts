import { readArguments, usage, WrongArguments } from './demo/arguments.ts';

// `npm run demo`: the real bot, with a WhatsApp and phones of its own, played from one terminal.

// Loading the bot takes a second or two. Hence the imports at run time: first a sign of life, then the work.
try {
  const wishes = readArguments(process.argv.slice(2));
  if (wishes.help) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  process.stdout.write(
    'Shopbell demo: the real bot, and a WhatsApp on this machine with simulated phones. Nothing leaves this computer.\n\n',
  );
  const { runDemo } = await import('./demo/run.ts');
  process.exitCode = await runDemo(wishes.data);
} catch (error) {
  const sentence = error instanceof WrongArguments ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
// Libraries leave timers behind; everything of ours is closed by now. The empty write comes after all that was printed.
process.stdout.write('', () => process.exit());
