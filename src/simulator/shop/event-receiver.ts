import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { type LocalServer, serveLocally } from './api-server.ts';

/** A request as it came in. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the secret signs these bytes, with the id and the time that came with them. */
  readonly isSigned: boolean;
  /** What was answered. */
  readonly status: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Somebody's server that takes JSON by POST, signed by the Standard Webhooks rules, such as a CRM: it keeps everything, and answers what
 * it was told to, in turn, then always what it answers when nothing was said.
 */
export class EventReceiver {
  readonly received: Received[] = [];
  readonly #secret: string;
  readonly #answer: (body: string) => Answer;
  readonly #answers: Answer[] = [];
  #server: LocalServer | undefined;

  /** @param answer what it answers when it was not told to answer something else */
  constructor(secret: string, answer: (body: string) => Answer = () => ({ status: 204 })) {
    this.#secret = secret;
    this.#answer = answer;
  }

  get url(): string {
    return `${this.#server?.url}/events`;
  }

  async open(): Promise<void> {
    const app = new Hono();
    app.post('/events', async (context) => {
      const body = await context.req.text();
      const headers = context.req.header();
      const { status, headers: given = {}, body: said } = this.#answers.shift() ?? this.#answer(body);
      this.received.push({ headers, body, isSigned: this.#isSigned(headers, body), status });
      return new Response(said ?? null, { status, headers: given });
    });
    this.#server = await serveLocally(app);
  }

  /** What it answers next, one after the other. */
  answerNext(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  /** The time is not judged: in a test it is the test's own. */
  #isSigned(headers: Readonly<Record<string, string>>, body: string): boolean {
    const id = headers['webhook-id'];
    const time = Number(headers['webhook-timestamp']);
    if (id === undefined || !Number.isInteger(time)) {
      return false;
    }
    const right = new Webhook(this.#secret).sign(id, new Date(time * 1000), body);
    return (headers['webhook-signature'] ?? '').split(' ').includes(right);
  }
}
