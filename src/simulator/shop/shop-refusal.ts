/** What was asked of the shop cannot be done; the message says why, in words for the person who asked. */
export class ShopRefusal extends Error {
  override readonly name = 'ShopRefusal';
}

/** What was looked for. @throws ShopRefusal with that sentence when it is not there */
export function found<Thing>(thing: Thing | undefined, otherwise: string): Thing {
  if (thing === undefined) {
    throw new ShopRefusal(otherwise);
  }
  return thing;
}
