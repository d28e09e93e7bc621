/** What was seen from outside: by the server, on the phones, and in the log. */
export interface Evidence {
  /** Texts that the server took from customers and members for the shop, each different. */
  readonly accepted: readonly string[];
  /** Texts of theirs in the log, as often as they stand there. */
  readonly logged: readonly string[];
  /** What members asked, each different; an answer repeats the question. */
  readonly asked: readonly string[];
  /** Answers whose fate the bot shows as unknown: in doubt for longer than the resend rule allows. */
  readonly inDoubt: readonly string[];
  /** Texts of the bot on the members' phones, as often as they stand there. */
  readonly answers: readonly string[];
  /** Ids of the bot's messages that the server saw more than once without a phone having asked for them. */
  readonly idsSeenTwice: readonly string[];
  /** Ids of messages that the bot has sent more than once by its resend rule, from its outbox. */
  readonly idsSentAgain: readonly string[];
  readonly mostSockets: number;
}

/** How a storm went. Everything but the counts must be empty, and `mostSockets` 1. */
export interface Verdict {
  readonly accepted: number;
  readonly lost: readonly string[];
  readonly loggedTwice: readonly string[];
  readonly asked: number;
  readonly unanswered: readonly string[];
  /** Of those unanswered, the ones that the bot itself calls unknown, as it should. */
  readonly shownAsUnknown: number;
  readonly shownTwice: readonly string[];
  /** Allowed: the bot may send again what may not have arrived. */
  readonly idsSentAgain: number;
  /** Not allowed: twice on the wire without the rule. */
  readonly idsTwice: readonly string[];
  readonly mostSockets: number;
}

export function judge(evidence: Evidence): Verdict {
  const { accepted, logged, asked, inDoubt, answers, idsSeenTwice, idsSentAgain, mostSockets } = evidence;
  const inLog = countEach(logged);
  const sentAgain = new Set(idsSentAgain);
  const unanswered = asked.filter((question) => timesAnswered(question, answers) === 0);
  return {
    accepted: accepted.length,
    lost: accepted.filter((text) => !inLog.has(text)),
    loggedTwice: [...inLog].filter(([, times]) => times > 1).map(([text]) => text),
    asked: asked.length,
    unanswered,
    shownAsUnknown: unanswered.filter((question) => timesAnswered(question, inDoubt) > 0).length,
    shownTwice: asked.filter((question) => timesAnswered(question, answers) > 1),
    idsSentAgain: idsSeenTwice.filter((id) => sentAgain.has(id)).length,
    idsTwice: idsSeenTwice.filter((id) => !sentAgain.has(id)),
    mostSockets,
  };
}

/** Whether every promise was kept. An answer may be missing only when its fate was in doubt for too long, and is then shown as such. */
export function isKept({ unanswered, shownAsUnknown, mostSockets, ...verdict }: Verdict): boolean {
  const { lost, loggedTwice, shownTwice, idsTwice } = verdict;
  const nothingWrong = [lost, loggedTwice, shownTwice, idsTwice].every(({ length }) => length === 0);
  return nothingWrong && unanswered.length === shownAsUnknown && mostSockets <= 1;
}

/** The bot's answer to something that is no command repeats it. */
export function timesAnswered(question: string, answers: readonly string[]): number {
  return answers.filter((answer) => answer.includes(`“${question}”`)).length;
}

function countEach(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
