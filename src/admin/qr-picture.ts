import { toBuffer } from 'qrcode';

/** Large enough to be printed on a card. */
const WIDTH = 800;

/** A QR code as a PNG picture. */
export function drawQrPicture(text: string): Promise<Uint8Array> {
  return toBuffer(text, { type: 'png', width: WIDTH, margin: 4, errorCorrectionLevel: 'M' });
}
