import { expect, it } from 'vitest';
import { keyed } from './list-keys.ts';

it('gives lines that read the same keys of their own, which later lines do not change', () => {
  const keysOf = (lines: readonly string[]) => keyed(lines, (line) => line).map(({ key }) => key);
  expect(keysOf(['sent', 'read', 'sent'])).toEqual(['sent', 'read', 'sent (2)']);
  expect(keysOf(['sent', 'read', 'sent', 'sent']).slice(0, 3)).toEqual(keysOf(['sent', 'read', 'sent']));
});
