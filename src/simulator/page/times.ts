const DAY = 86_400_000;

/** Making a format is slow, and each message asks for one. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Such as “09:05”. */
export function clockTime(time: Date, timeZone: string): string {
  return format(time, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** The day as a chat's date mark says it. */
export function dayName(time: Date, now: Date, timeZone: string): string {
  const ago = daysBetween(time, now, timeZone);
  if (ago === 0) {
    return 'Today';
  }
  if (ago === 1) {
    return 'Yesterday';
  }
  return ago > 1 && ago < 7
    ? format(time, timeZone, { weekday: 'long' })
    : format(time, timeZone, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** When a chat's last message came, as the list of chats says it: the time for today, else the day. */
export function listTime(time: Date, now: Date, timeZone: string): string {
  const ago = daysBetween(time, now, timeZone);
  if (ago === 0) {
    return clockTime(time, timeZone);
  }
  return ago > 0 && ago < 7
    ? dayName(time, now, timeZone)
    : format(time, timeZone, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** Such as “1:07”. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function daysBetween(time: Date, now: Date, timeZone: string): number {
  return Math.round((dayStart(now, timeZone) - dayStart(time, timeZone)) / DAY);
}

/** The day of the calendar there, as if it began in UTC: comparable, whatever the clocks did between two days. */
function dayStart(time: Date, timeZone: string): number {
  const [year, month, day] = format(time, timeZone, { year: 'numeric', month: 'numeric', day: 'numeric' })
    .split('/')
    .map(Number)
    .toReversed();
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day);
}

function format(time: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  formats.set(key, known);
  return known.format(time);
}
