/** The address cannot be listened on; another one may be free. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}
