import { useState } from 'preact/hooks';
import type { PhoneState, Written } from '../demo/page-state.ts';
import { Avatar } from './avatar.tsx';
import type { Desk } from './desk.ts';
import { Sheet } from './sheet.tsx';

interface AttachSheetProps {
  readonly desk: Desk;
}

/** Sends from a form, which stays open when it could not be done. */
async function sendFrom(event: Event, desk: Desk, content: Written): Promise<void> {
  event.preventDefault();
  if (await desk.send(content)) {
    desk.close();
  }
}

/** A place to send, filled in already: the middle of Madrid. */
const somewhere = { name: 'Puerta del Sol', address: 'Madrid', latitude: '40.4169', longitude: '-3.7035' };

export function LocationSheet({ desk }: AttachSheetProps) {
  const [place, setPlace] = useState(somewhere);
  const { name, address, latitude, longitude } = place;
  const content = {
    kind: 'location',
    latitude: Number(latitude),
    longitude: Number(longitude),
    name: name || undefined,
    address: address || undefined,
  } as const;
  return (
    <Sheet title="Send a location" close={desk.close}>
      <form class="phone-form" onSubmit={(event) => sendFrom(event, desk, content)}>
        <Text label="Name" value={name} set={(value) => setPlace({ ...place, name: value })} />
        <Text label="Address" value={address} set={(value) => setPlace({ ...place, address: value })} />
        <div class="phone-pair">
          <Degrees
            label="Latitude"
            limit={90}
            value={latitude}
            set={(value) => setPlace({ ...place, latitude: value })}
          />
          <Degrees
            label="Longitude"
            limit={180}
            value={longitude}
            set={(value) => setPlace({ ...place, longitude: value })}
          />
        </div>
        <button type="submit" class="phone-action">
          Send the location
        </button>
      </form>
    </Sheet>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly required?: boolean;
  readonly longest?: number;
}

/** WhatsApp's own limit for a line of a poll; nobody needs more for a name. */
const LONGEST_LINE = 255;

export function Text({ label, value, set, required = false, longest = LONGEST_LINE }: TextProps) {
  return (
    <label>
      {label}
      <input
        type="text"
        value={value}
        required={required}
        maxLength={longest}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  );
}

function Degrees({ label, value, set, limit }: TextProps & { readonly limit: number }) {
  return (
    <label>
      {label}
      <input
        type="number"
        step="any"
        min={-limit}
        max={limit}
        required
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  );
}

export function ContactSheet({ desk, everybody }: AttachSheetProps & { readonly everybody: readonly PhoneState[] }) {
  const send = async (number: string) => {
    desk.close();
    await desk.send({ kind: 'contact', number });
  };
  return (
    <Sheet title="Send a contact" close={desk.close}>
      <ul class="phone-list">
        {everybody.map(({ number, name, part, writtenNumber }) => (
          <li key={number}>
            <button type="button" class="phone-entry" onClick={() => send(number)}>
              <Avatar number={number} name={name} isShop={part === 'shop'} />
              <span class="phone-entry-name">{name}</span>
              <span class="phone-entry-words">{writtenNumber}</span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** WhatsApp's own limit. */
const MOST_OPTIONS = 12;

export function PollSheet({ desk }: AttachSheetProps) {
  const [question, setQuestion] = useState('');
  const [options, setOptions] = useState<readonly string[]>(['', '']);
  const [several, setSeveral] = useState(false);
  const written = options.map((option) => option.trim()).filter(Boolean);
  const write = (index: number, value: string) => {
    const changed = options.with(index, value);
    setOptions(changed.at(-1) && changed.length < MOST_OPTIONS ? [...changed, ''] : changed);
  };
  const isTwice = new Set(written).size < written.length;
  const isReady = question.trim() !== '' && !isTwice && written.length >= 2;
  const content = { kind: 'poll', question: question.trim(), options: written, several } as const;
  return (
    <Sheet title="Send a poll" close={desk.close}>
      <form class="phone-form" onSubmit={(event) => sendFrom(event, desk, content)}>
        <Text label="Question" value={question} set={setQuestion} required />
        {options.map((option, index) => (
          <Text key={index} label={`Option ${index + 1}`} value={option} set={(value) => write(index, value)} />
        ))}
        <label class="phone-tick-line">
          <input
            type="checkbox"
            checked={several}
            onChange={({ currentTarget }) => setSeveral(currentTarget.checked)}
          />
          Allow several answers
        </label>
        <p role="status" class="phone-small">
          {isTwice ? 'Two options are the same. Make each one different.' : 'A question and at least two options.'}
        </p>
        <button type="submit" class="phone-action" disabled={!isReady}>
          Send the poll
        </button>
      </form>
    </Sheet>
  );
}
