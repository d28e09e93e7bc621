import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Measures the built program against a local WhatsApp:
//   npm run bench -- inbound [--pairs 5] [--messages 2000]    how fast messages are stored, against bare Baileys
//   npm run bench -- memory [--messages 100000]               resident memory while messages come in
//   npm run bench -- start                                    from process start to logged in
//   npm run bench -- reconnects                               memory after 1,000 reconnections of one session
//   npm run bench -- first-answer                             from `npm run demo` to the bot's first answer on the page
//   npm run bench -- shop-events [--pairs 5] [--messages 1500]   webhooks stored a second, against a bare route; asking about one person
// Each but `reconnects` and `first-answer` takes --database embedded|postgres|both. PostgreSQL is a server started for the purpose, or the one of DATABASE_URL.
//
// The work is done in a process of its own. It is often busy for a while, and tsx kills what does not answer a signal at once:
// this process always does, so that an interrupted measurement still clears up behind itself.

const measuring = fork(fileURLToPath(new URL('./bench/main.ts', import.meta.url)), process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void measuring.kill(signal));
}
measuring.on('exit', (code) => process.exit(code ?? 1));
