import type { ClockState } from '../demo/page-state.ts';

// Time on the page: instants and spans in milliseconds, told in the zone of this world. Nothing here reads a clock.

const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** As far as one fast-forward goes. */
const longestForward = 31 * day;

/** The time in this world, `since` milliseconds after the server told it. */
export function timeNow(clock: Pick<ClockState, 'now'>, since: number): number {
  return Date.parse(clock.now) + since;
}

/** Such as “Thu 6 Aug 2026”. */
export function dateText(instant: number, timeZone: string): string {
  return inParts(instant, timeZone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).replace(
    ',',
    '',
  );
}

/** Such as “14:02:31”. */
export function clockText(instant: number, timeZone: string): string {
  return inParts(instant, timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Such as “14:02”, with the day in front, “Thu 6 Aug 14:02”, when that is not today. */
export function momentText(instant: number, today: number, timeZone: string): string {
  const time = inParts(instant, timeZone, { hour: '2-digit', minute: '2-digit' });
  if (dateText(instant, timeZone) === dateText(today, timeZone)) {
    return time;
  }
  const date = inParts(instant, timeZone, { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');
  return `${date} ${time}`;
}

function inParts(instant: number, timeZone: string, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...parts }).format(new Date(instant));
}

/** A span, to the minute, in its two largest units, such as “2 days 3 h”; nothing for none. */
export function spanText(span: number): string | undefined {
  const whole = Math.round(span / minute) * minute;
  const days = Math.floor(whole / day);
  const hours = Math.floor((whole % day) / hour);
  const minutes = Math.floor((whole % hour) / minute);
  const units = [
    days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : '',
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
  ];
  const largest = units.findIndex((unit) => unit !== '');
  return largest < 0
    ? undefined
    : units
        .slice(largest, largest + 2)
        .filter((unit) => unit !== '')
        .join(' ');
}

/** Whole seconds until `end`, and never less than none. */
export function secondsLeft(end: number, now: number): number {
  return Math.max(0, Math.ceil((end - now) / second));
}

/** How much of the way is done, from 0 to 1. */
export function progress(from: number, now: number, to: number): number {
  return to <= from ? 1 : Math.min(1, Math.max(0, (now - from) / (to - from)));
}

/** What a clock on the wall shows, as a field for date and time wants it: “2026-08-06T14:02”. */
export function wallTime(instant: number, timeZone: string): string {
  // Swedes write dates like that.
  const swedish = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return swedish.format(new Date(instant)).replace(' ', 'T');
}

/** The instant at which a clock on the wall shows that; when it shows it twice, the first; when it skips it, an hour later. */
export function instantOf(wall: string, timeZone: string): number {
  const asIfUtc = Date.parse(`${wall}Z`);
  // Clocks change by hours: a day earlier and later are the two offsets that can hold.
  const [before, after] = [asIfUtc - day, asIfUtc + day].map((near) => asIfUtc - offsetAt(near, timeZone));
  const candidates = [before ?? asIfUtc, after ?? asIfUtc].toSorted((one, other) => one - other);
  return candidates.find((instant) => wallTime(instant, timeZone) === wall) ?? Math.max(...candidates);
}

function offsetAt(instant: number, timeZone: string): number {
  const wholeMinute = Math.floor(instant / minute) * minute;
  return Date.parse(`${wallTime(wholeMinute, timeZone)}Z`) - wholeMinute;
}

/** What is wrong with going on to `target`; nothing when one can. */
export function whyNotForwardTo(target: number, now: number): string | undefined {
  if (Number.isNaN(target)) {
    return 'Choose a date and a time.';
  }
  if (target <= now) {
    return 'That is over already: time goes only forward here.';
  }
  return target - now > longestForward ? 'That is too far: at most 31 days at a time.' : undefined;
}
