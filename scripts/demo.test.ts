import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The demo as a person would use it, except that the lines come from here: the real bot, its database, a WhatsApp, four phones.

let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'demo-test-'));
});

afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

describe('The demo', () => {
  it('links by itself, shows the chats in their order, survives a restart and leaves nothing behind', async () => {
    const { code, shown, complaints } = await play([
      'help',
      'status',
      'statsu',
      '/ana',
      'Do you have blue mugs?',
      '/log',
      '/hlep',
      '/as owner',
      '/read',
      '/restart',
      'help',
      'set shop.language es',
      'ayuda',
      '/off',
      'estado',
      '/on',
    ]);

    expect(complaints).toBe('');
    expect(conversation(shown)).toEqual([
      'Olga → Mug Shop: help',
      answer('*Mug Shop*'),
      'Olga → Mug Shop: status',
      answer('*Mug Shop*'),
      'Olga → Mug Shop: statsu',
      answer('“statsu”'),
      'Ana → Mug Shop: Do you have blue mugs?',
      'read by Olga: 3 messages',
      'Olga → Mug Shop: help',
      answer('*Mug Shop*'),
      'Olga → Mug Shop: set shop.language es',
      answer('en → es'),
      'Olga → Mug Shop: ayuda',
      answer('*Mug Shop*'),
      'Olga → Mug Shop: estado',
      answer('*Mug Shop*'),
    ]);
    expect(shown).toMatch(/\n {12}\*help .*\n/);
    expect(shown).toMatch(/\n {12}.*linked as \+34 600 00 00 01/);
    expect(shown).toMatch(/\n {12}\*ayuda .*\n/);
    expect(shown).toContain('· Ana’s message is in the shop’s log (/log shows it); the bot answers staff only.');
    expect(log(shown)).toEqual([
      'in   Olga: help [live]',
      expect.stringMatching(/^out {2}Olga: \*Mug Shop\*.*\[bot, (?:sent|accepted|delivered)\]$/),
      'in   Olga: status [live]',
      expect.stringMatching(/^out {2}Olga: \*Mug Shop\*.*\[bot, (?:sent|accepted|delivered)\]$/),
      'in   Olga: statsu [live]',
      expect.stringMatching(/^out {2}Olga: .*“statsu”.*\[bot, (?:sent|accepted|delivered)\]$/),
      'in   Ana: Do you have blue mugs? [live]',
    ]);
    expect(shown).toContain('· There is no /hlep. The nearest is /help; /help lists all.');
    expect(shown).toContain('without a new code: the login is in the bot’s data.');
    expect(shown.match(/█▀▀▀▀▀█ .* █▀▀▀▀▀█/g), 'codes shown').toHaveLength(1);
    expect(shown.match(/scans this code/g)).toHaveLength(1);
    expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
    expect(code).toBe(0);
  });

  it('says what is wrong with the command line', async () => {
    const { code, complaints } = await play([], ['--dta', 'here']);

    expect(complaints).toContain("Unknown option '--dta'");
    expect(complaints).toContain('--data DIR');
    expect(code).toBe(1);
  });
});

/** The bot’s words are its own affair; here it matters that they answer the line before. */
function answer(part: string): string {
  return expect.stringMatching(new RegExp(`^Mug Shop \\(bot\\) → Olga: .*${part.replaceAll('*', '\\*')}`));
}

interface Played {
  readonly code: number | null;
  readonly shown: string;
  readonly complaints: string;
}

function play(lines: readonly string[], options: readonly string[] = []): Promise<Played> {
  const { LOG_LEVEL: _level, SHOP_LANGUAGE: _language, NODE_OPTIONS: _options, ...environment } = process.env;
  const demo = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', ...options], {
    env: { ...environment, TMPDIR: temporary },
  });
  const output = { shown: '', complaints: '' };
  demo.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.shown += text;
  });
  demo.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.complaints += text;
  });
  demo.stdin.on('error', () => undefined);
  demo.stdin.end(lines.map((line) => `${line}\n`).join(''));
  return new Promise((resolve, reject) => {
    demo.once('error', reject);
    demo.once('close', (code) => resolve({ code, ...output }));
  });
}

/** The chat lines without times and ticks, each message by its first line; how far it has come depends on the machine’s speed. */
function conversation(shown: string): readonly string[] {
  return shown
    .replaceAll(/( → [^:\n]+:)\n {12}/g, '$1 ')
    .split('\n')
    .map((line) => /^\d\d:\d\d:\d\d (?:✓✓|✓ |◷ ) (.+)$/.exec(line)?.[1])
    .filter((line) => line !== undefined && !line.startsWith('delivered to') && !line.startsWith('sent:'))
    .map(String);
}

/** What `/log` has shown, without times. */
function log(shown: string): readonly string[] {
  return [...shown.matchAll(/^ {2}\d\d:\d\d:\d\d ((?:in|out) .+)$/gm)].map(([, line]) => String(line));
}
