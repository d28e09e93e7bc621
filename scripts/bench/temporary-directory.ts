import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeLater } from './closing.ts';

/** A new empty directory that is removed with everything else. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'shopbell-bench-'));
  closeLater(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
