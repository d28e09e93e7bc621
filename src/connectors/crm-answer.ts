import { z } from 'zod';
import type { CrmVerdict } from '../shop/crm.ts';
import { parseBody } from './webhook-body.ts';

const UNCLEAR = 'unclear' as const;

/** `true` and `false`, written as texts too; what is there and neither of them is unclear, which must not pass for absent. */
const yesOrNo = z
  .union([
    z.boolean(),
    z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(['true', 'false']))
      .transform((text) => text === 'true'),
  ])
  .nullish()
  .transform((said): boolean | undefined | typeof UNCLEAR => said ?? undefined)
  .catch(UNCLEAR);

const customers = z
  .array(z.object({ orders: z.array(z.object({ date: z.string().optional().catch(undefined) })) }))
  .optional()
  // There are some, but it cannot be read what they have bought.
  .catch([{ orders: [{ date: undefined }] }]);

const answerShape = z.object({
  converted: yesOrNo,
  purchased: yesOrNo,
  found: yesOrNo,
  customers,
  do_not_contact: yesOrNo,
});

type CrmAnswer = z.infer<typeof answerShape>;

/**
 * What an answer to `verify_conversion` says, in our own form and in those that other systems use (facts/commerce §4). What is not a clear
 * yes or no is unknown.
 *
 * @param since orders of before do not count, where the other side lists all of them
 */
export function readAnswer(
  { status, body }: { readonly status: number; readonly body: string | undefined },
  since: Date,
): CrmVerdict {
  const answer = status === 200 || status === 404 ? parseAnswer(body) : undefined;
  if (!answer) {
    return { kind: 'unknown', doNotContact: false };
  }
  const hasBought = readPurchase(answer, since);
  // That there is no such page says nothing, unless it says of itself that it is an answer.
  const isClear = status === 200 ? hasBought !== undefined : answer.converted === false;
  const kind = hasBought ? 'converted' : 'not-converted';
  return { kind: isClear ? kind : 'unknown', doNotContact: isSaid(answer.do_not_contact) };
}

function parseAnswer(body: string | undefined): CrmAnswer | undefined {
  try {
    return answerShape.safeParse(parseBody(Buffer.from(body ?? ''))).data;
  } catch {
    return undefined;
  }
}

/** Nothing when it says neither, or both. */
function readPurchase({ converted, purchased, found, customers: listed }: CrmAnswer, since: Date): boolean | undefined {
  // With a list of customers, `found` says that somebody is known there; whether they bought is in their orders.
  const hasList = listed !== undefined && listed.length > 0;
  const byList = hasList ? [readOrders(listed, since) ?? UNCLEAR, found === true ? undefined : found] : [found];
  const said = new Set([converted, purchased, ...byList].filter((one) => one !== undefined));
  const [only] = said;
  return said.size === 1 && only !== UNCLEAR ? only : undefined;
}

/** In doubt, whoever wants to be left alone is. */
function isSaid(flag: CrmAnswer['do_not_contact']): boolean {
  return flag !== undefined && flag !== false;
}

function readOrders(listed: NonNullable<CrmAnswer['customers']>, since: Date): boolean | undefined {
  const dates = listed.flatMap(({ orders }) => orders.map(({ date }) => latestReading(date)));
  if (dates.some((date) => date !== undefined && date >= since)) {
    return true;
  }
  return dates.includes(undefined) ? undefined : false;
}

/** The latest instant that a date can mean: one without a time zone may be anywhere, and one without a time at any time of its day. */
function latestReading(text: string | undefined): Date | undefined {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text?.trim() ?? '') ?? [];
  const instant = new Date(`${day}T${zone ? time : '23:59:59'}${zone ?? '-12:00'}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
