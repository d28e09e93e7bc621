import { toString as drawQr } from 'qrcode';
import type { Link } from '../outbox/link.ts';

/**
 * Tells the person at the terminal how linking goes: the code to scan, and each new state once with its next step.
 *
 * @param describe the state in words
 */
export function makeTerminalDisplay(
  print: (text: string) => void,
  describe: (link: Link) => { readonly state: string; readonly advice: string },
): (link: Link) => void {
  let shown = '';
  let shownQr: string | undefined;
  return (link) => {
    if (link.state === 'stopped' && link.because === 'shut-down') {
      return;
    }
    const { state, advice } = describe(link);
    const line = link.state === 'linked' ? `WhatsApp: ${state} (${link.phone})` : `WhatsApp: ${state}. ${advice}`;
    if (line !== shown) {
      shown = line;
      print(line);
    }
    if (link.state === 'pairing' && link.qr !== shownQr) {
      shownQr = link.qr;
      void drawQr(link.qr, { type: 'utf8', errorCorrectionLevel: 'L' }).then(print);
    }
  };
}
