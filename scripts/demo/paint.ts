/** Colours of the terminal; without them every text stays as it is. */
export interface Paint {
  faint(text: string): string;
  read(text: string): string;
  person(name: string): string;
  /** Text with WhatsApp's own marks, `*bold*`, as a phone shows it. */
  marked(text: string): string;
}

/** The terminal's numbers for switching on and off again. */
const codes = {
  strong: [1, 22],
  faint: [2, 22],
  blue: [94, 39],
} as const;

const peopleColours = [32, 35, 33, 36] as const;

/** @param names the people in a fixed order, so that each keeps a colour */
export function makePaint(colourful: boolean, names: readonly string[]): Paint {
  if (!colourful) {
    const plain = (text: string) => text;
    return { faint: plain, read: plain, person: plain, marked: plain };
  }
  return {
    faint: (text) => wear(codes.faint, text),
    read: (text) => wear(codes.blue, text),
    person: (name) => wear([peopleColours[names.indexOf(name) % peopleColours.length] ?? 39, 39], name),
    marked: (text) => text.replaceAll(bold, (_match, inside: string) => wear(codes.strong, inside)),
  };
}

const bold = /(?<!\S)\*(\S(?:[^*]*\S)?)\*(?![\w*])/g;

function wear([on, off]: readonly [number, number], text: string): string {
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
