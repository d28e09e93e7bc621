import { useEffect, useRef } from 'preact/hooks';
import type { PhoneState } from '../demo/page-state.ts';
import { wasAddedHere } from './added-phone.ts';
import { unreadOn } from './bot-words.ts';
import type { Inspected } from './inspector.tsx';
import { type LiveState, useWorldTime } from './live-state.ts';
import { Phone } from './phone.tsx';
import { STILL, useKept } from './view-state.ts';
import { minute } from './world-time.ts';

const partNames = { shop: 'the shop', owner: 'owner', advisor: 'advisor', customer: 'customer' } as const;

interface PhonesProps {
  readonly live: LiveState;
  /** In the order of the page. */
  readonly phones: readonly PhoneState[];
  readonly narrow: boolean;
  readonly inspect: (inspected: Inspected) => void;
  readonly complain: (sentence: string) => void;
}

/** All phones side by side; on a small screen one at a time. */
export function Phones({ live, phones, narrow, inspect, complain }: PhonesProps) {
  const [chosen, setChosen] = useKept('chosen-phone', live.world?.phones[0] ?? '');
  const shown = phones.some(({ number }) => number === chosen) ? chosen : phones[0]?.number;
  const row = useRef<HTMLDivElement>(null);
  useNewPhone(phones, live.world?.phones.length ?? 0, (number) => {
    if (!wasAddedHere()) {
      return;
    }
    setChosen(number);
    row.current?.lastElementChild?.scrollIntoView(nearest());
  });
  function inspectFrom({ number }: PhoneState, inspected: Inspected) {
    inspect(inspected);
    // The inspector takes room from the row; the phone that one came from stays in view.
    requestAnimationFrame(() => document.getElementById(`phone-${number}`)?.scrollIntoView(nearest()));
  }
  const now = new Date(useWorldTime(live, minute));
  return (
    <div class="phones">
      {narrow && <PhoneTabs phones={phones} shown={shown} choose={setChosen} />}
      <div class="row" ref={row}>
        {phones.map((phone) => (
          <div
            key={phone.number}
            class="slot"
            id={`phone-${phone.number}`}
            hidden={narrow && phone.number !== shown}
            {...(narrow ? { role: 'tabpanel', 'aria-labelledby': `tab-${phone.number}` } : {})}
          >
            <Phone
              phone={phone}
              everybody={phones}
              now={now}
              timeZone={live.world?.clock.timeZone ?? 'UTC'}
              inspectMessage={(message) => inspectFrom(phone, { kind: 'message', phone: phone.number, message })}
              inspectContact={(number) => inspectFrom(phone, { kind: 'contact', number })}
              complain={complain}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Scrolls no further than it takes, and at once for who wants no motion. */
function nearest(): ScrollIntoViewOptions {
  return { behavior: matchMedia(STILL).matches ? 'instant' : 'smooth', inline: 'nearest', block: 'nearest' };
}

/** Tells of a phone that has come to the `atFirst` ones, each of which may be told of a moment later. */
function useNewPhone(phones: readonly PhoneState[], atFirst: number, tell: (number: string) => void) {
  const known = useRef(atFirst);
  useEffect(() => {
    const last = phones.at(-1);
    if (last && phones.length > known.current) {
      tell(last.number);
    }
    known.current = Math.max(known.current, phones.length);
  }, [phones.length]);
}

interface PhoneTabsProps {
  readonly phones: readonly PhoneState[];
  readonly shown: string | undefined;
  readonly choose: (number: string) => void;
}

function PhoneTabs({ phones, shown, choose }: PhoneTabsProps) {
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    strip.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [shown]);

  function step(event: KeyboardEvent) {
    const at = phones.findIndex(({ number }) => number === shown);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: phones.length - 1 }[event.key];
    const phone = next === undefined ? undefined : phones.at(next % phones.length);
    if (phone) {
      event.preventDefault();
      choose(phone.number);
      document.getElementById(`tab-${phone.number}`)?.focus();
    }
  }

  return (
    <div class="tabs" role="tablist" aria-label="Phones" ref={strip}>
      {phones.map((phone) => {
        const selected = phone.number === shown;
        const unread = unreadOn(phone);
        return (
          <button
            key={phone.number}
            type="button"
            role="tab"
            id={`tab-${phone.number}`}
            aria-selected={selected}
            aria-controls={`phone-${phone.number}`}
            tabIndex={selected ? 0 : -1}
            onClick={() => choose(phone.number)}
            onKeyDown={step}
          >
            <span class="who">
              {phone.name}
              {unread > 0 && (
                <span class="badge">
                  {unread}
                  <span class="only-heard"> unread</span>
                </span>
              )}
            </span>
            <span class="part">{partNames[phone.part]}</span>
          </button>
        );
      })}
    </div>
  );
}
