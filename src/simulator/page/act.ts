import type { Act, FileKind, Refused } from '../demo/page-state.ts';

/** What came of an act: nothing, or a sentence about what was wrong. What it did shows in the state. */
export type Outcome = string | undefined;

const UNREACHABLE = 'The demo does not answer. Is it still running in the terminal?';

/** Has something done. Never rejects. */
export function doAct(act: Act): Promise<Outcome> {
  return post('/acts', JSON.stringify(act), 'application/json');
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
  return post(`/files?${query}`, file, file.type || 'application/octet-stream');
}

async function post(path: string, body: BodyInit, type: string): Promise<Outcome> {
  try {
    const answer = await fetch(path, { method: 'POST', body, headers: { 'Content-Type': type } });
    return answer.ok ? undefined : ((await answer.json()) as Refused).error;
  } catch {
    return UNREACHABLE;
  }
}
