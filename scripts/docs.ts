import { readFileSync, writeFileSync } from 'node:fs';
import { referenceTables, withTables } from './docs/tables.ts';

// Writes the reference tables into the README; a test fails when they are not up to date.

const readme = new URL('../README.md', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const before = readFileSync(readme, 'utf8');
const after = withTables(before, referenceTables(manifest));
writeFileSync(readme, after);
console.log(after === before ? 'README.md is up to date' : 'README.md was brought up to date');
