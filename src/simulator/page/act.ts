import type { Act, FileKind, Refused } from '../demo/page-state.ts';

/** What came of an act: nothing, or a sentence about what was wrong. What it did shows in the state. */
export type Outcome = string | undefined;

const UNREACHABLE = 'The demo does not answer. Is it still running in the terminal?';

/** So soon after each other, two clicks on the same thing are a double click: one wish. In milliseconds. */
const DOUBLE_CLICK = 600;

let latest = { wish: '', at: Number.NEGATIVE_INFINITY, outcome: Promise.resolve<Outcome>(undefined) };

/** The same wish again, in a double click, gets the answer to the first. */
function once(wish: string, act: () => Promise<Outcome>): Promise<Outcome> {
  const at = performance.now();
  if (wish !== latest.wish || at - latest.at > DOUBLE_CLICK) {
    latest = { wish, at, outcome: act() };
  }
  return latest.outcome;
}

/** Has something done. Never rejects. */
export function doAct(act: Act): Promise<Outcome> {
  const body = JSON.stringify(act);
  const send = () => post('/acts', body, 'application/json');
  // These are no clicks: the page itself does them, as often as there is reason.
  return act.act === 'read' || act.act === 'type' ? send() : once(body, send);
}

export interface OutgoingFile {
  readonly phone: string;
  readonly to: string;
  readonly kind: FileKind;
  readonly file: Blob;
  readonly name: string;
  readonly caption?: string | undefined;
  readonly quoting?: string | undefined;
  readonly viewOnce?: boolean | undefined;
  /** Length of a video or a sound. */
  readonly seconds?: number | undefined;
}

/** Sends a file from a phone, at most 16 MB. Never rejects. */
export function sendFile({ file, ...about }: OutgoingFile): Promise<Outcome> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(about)) {
    if (value !== undefined) {
      query.set(name, String(value));
    }
  }
  const type = file.type || 'application/octet-stream';
  return once(`${query} ${file.size}`, () => post(`/files?${query}`, file, type));
}

async function post(path: string, body: BodyInit, type: string): Promise<Outcome> {
  try {
    const answer = await fetch(path, { method: 'POST', body, headers: { 'Content-Type': type } });
    return answer.ok ? undefined : ((await answer.json()) as Refused).error;
  } catch {
    return UNREACHABLE;
  }
}
