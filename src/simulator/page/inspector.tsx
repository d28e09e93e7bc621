import { useEffect, useRef, useState } from 'preact/hooks';
import type { Inspection, Refused } from '../demo/page-state.ts';
import { Drawer, type DrawerPlace } from './drawer.tsx';
import { keyed } from './list-keys.ts';
import type { LiveState } from './live-state.ts';

/** What the inspector looks at. */
export type Inspected =
  | { readonly kind: 'message'; readonly phone: string; readonly message: string }
  | { readonly kind: 'contact'; readonly number: string };

/** News come in bunches; one answer for each bunch is enough. */
const ASK_AGAIN_AFTER = 300;

interface InspectorProps extends DrawerPlace {
  readonly inspected: Inspected;
  readonly live: LiveState;
}

/** What the bot has stored about a message or a person, and why it did what it did. On a laptop the phones stay usable beside it. */
export function Inspector({ inspected, live, ...place }: InspectorProps) {
  const found = useInspection(inspected, live);
  return (
    <Drawer title="Inspector" subject={addressOf(inspected)} {...place}>
      <Findings found={found} inspected={inspected} live={live} />
    </Drawer>
  );
}

interface FindingsProps extends Pick<InspectorProps, 'inspected' | 'live'> {
  readonly found: Found;
}

function Findings({ found, inspected, live }: FindingsProps) {
  const isAway = live.world?.bot.process !== 'running';
  const { inspection, problem } = found;
  return (
    <div class="findings" aria-busy={!(inspection || problem)}>
      {isAway && (
        <p class="note">
          The bot is not running, so there is nothing to ask.{inspection && ' This is what it last said.'}
        </p>
      )}
      {!isAway && problem && <p class="note">{problem}</p>}
      {!(inspection || problem || isAway) && <p class="soft">Asking the bot …</p>}
      {inspection && <InspectionText inspection={inspection} kind={inspected.kind} />}
    </div>
  );
}

function InspectionText({ inspection, kind }: { readonly inspection: Inspection; readonly kind: Inspected['kind'] }) {
  const { title, why, sections } = inspection;
  return (
    <>
      <h3>{title}</h3>
      {why.length > 0 && (
        <ol class="why" aria-label="Why">
          {keyed(why, String).map(({ key, item }) => (
            <li key={key}>{item}</li>
          ))}
        </ol>
      )}
      {why.length === 0 && sections.length === 0 && (
        <p class="soft">The bot knows nothing about this {kind === 'message' ? 'message' : 'person'}.</p>
      )}
      {keyed(sections, (section) => section.title).map(({ key, item: section }) => (
        <section key={key}>
          <h4>{section.title}</h4>
          <dl>
            {keyed(section.rows, (row) => row.label).map(({ key: row, item: { label, value } }) => (
              <div key={row}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

interface Found {
  readonly inspection: Inspection | undefined;
  readonly problem: string | undefined;
}

const nothingYet: Found = { inspection: undefined, problem: undefined };

/** Asks the bot, and again whenever something has changed that the answer can depend on. */
function useInspection(inspected: Inspected, { world, phones }: LiveState): Found {
  const address = addressOf(inspected);
  const [found, setFound] = useState({ ...nothingYet, address });
  const isRunning = world?.bot.process === 'running';
  const asking = useRef<AbortController>(undefined);
  const again = useRef<number>(undefined);
  const latestAsk = useRef<() => Promise<void>>(() => Promise.resolve());
  const phone = phones.get(inspected.kind === 'message' ? inspected.phone : inspected.number);

  async function ask() {
    if (!isRunning) {
      return;
    }
    asking.current?.abort();
    asking.current = new AbortController();
    const { signal } = asking.current;
    const answer = await fetchInspection(address, signal);
    if (!signal.aborted) {
      setFound((before) => ({
        address,
        problem: answer.problem,
        inspection: answer.inspection ?? (before.address === address ? before.inspection : undefined),
      }));
    }
  }

  useEffect(() => {
    setFound({ ...nothingYet, address });
    void ask();
    return () => {
      asking.current?.abort();
      clearTimeout(again.current);
      again.current = undefined;
    };
  }, [address]);
  latestAsk.current = ask;
  useEffect(() => {
    again.current ??= setTimeout(() => {
      again.current = undefined;
      void latestAsk.current();
    }, ASK_AGAIN_AFTER);
  }, [phone, world]);
  return found.address === address ? found : nothingYet;
}

function addressOf(inspected: Inspected): string {
  return inspected.kind === 'message'
    ? `/inspect/message/${inspected.phone}/${encodeURIComponent(inspected.message)}`
    : `/inspect/contact/${inspected.number}`;
}

async function fetchInspection(address: string, signal: AbortSignal): Promise<Found> {
  try {
    const answer = await fetch(address, { signal });
    const told: unknown = await answer.json();
    return answer.ok
      ? { inspection: told as Inspection, problem: undefined }
      : { inspection: undefined, problem: (told as Refused).error };
  } catch {
    return { inspection: undefined, problem: 'The demo does not answer.' };
  }
}
