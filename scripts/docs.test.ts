import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Manifest, referenceTables, withTables } from './docs/tables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const manifest: Manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

describe('the README', () => {
  it('has the commands, settings, variables and packages of the program (npm run docs writes them)', () => {
    expect(withTables(readme, referenceTables(manifest))).toBe(readme);
  });

  it('says of every package what it is for', () => {
    expect(referenceTables(manifest)['dependencies']).not.toContain('MISSING');
  });

  it('notices a table that has drifted', () => {
    const drifted = readme.replace('| `PORT` |', '| `PORTS` |');

    expect(drifted).not.toBe(readme);
    expect(withTables(drifted, referenceTables(manifest))).toBe(readme);
  });
});
