import type { ComponentChildren } from 'preact';
import type { BotWords, ScanStage } from './bot-words.ts';
import { LaptopIcon, TickIcon } from './frame-icons.tsx';

interface ShopPhoneScreenProps {
  readonly stage: ScanStage;
  readonly name: string;
  readonly number: string | undefined;
  readonly words: BotWords;
  readonly qr: string | undefined;
  /** Why the last scan came to nothing. */
  readonly problem: string | undefined;
  readonly scan: () => void;
  readonly turnOn: () => void;
}

/** The shop's phone with "Linked devices" open, and its camera while it scans. */
export function ShopPhoneScreen(props: ShopPhoneScreenProps) {
  return (
    <figure class="shop-phone">
      <figcaption>The shop’s phone</figcaption>
      <div class={`screen ${props.stage.replace(' ', '-')}`}>
        <p class="screen-title">
          <strong>Linked devices</strong>
          <span class="soft">{props.name}</span>
          <span class="soft">{props.number}</span>
        </p>
        <div class="screen-body">{screenBody(props)}</div>
      </div>
    </figure>
  );
}

function screenBody({ stage, words, qr, problem, scan, turnOn }: ShopPhoneScreenProps): ComponentChildren {
  switch (stage) {
    case 'off':
      return (
        <>
          <p>This phone is off.</p>
          <button type="button" class="main" onClick={turnOn}>
            Switch the phone on
          </button>
        </>
      );
    case 'scanning':
      return <Camera qr={qr} />;
    case 'scanned':
      return (
        <>
          <LaptopIcon />
          <p role="status">
            The code is scanned. The bot says: <strong>{words.title}</strong>
          </p>
        </>
      );
    case 'linked':
      return (
        <>
          <span class="done">
            <TickIcon />
          </span>
          <p role="status">
            <strong>Shopbell</strong> is linked to this phone.
          </p>
        </>
      );
    default:
      return (
        <>
          <LaptopIcon />
          <p>Use WhatsApp on other devices.</p>
          <button type="button" class="main" disabled={stage === 'no code'} onClick={scan}>
            Link a device
          </button>
          {stage === 'no code' && <p class="soft">As soon as the bot shows a code.</p>}
          {problem && <p role="alert">{problem}</p>}
        </>
      );
  }
}

function Camera({ qr }: { readonly qr: string | undefined }) {
  return (
    <div class="camera">
      <div class="finder">
        {qr && <img src={qr} alt="" width="150" height="150" />}
        <span class="scan-line" />
      </div>
      <p role="status">Scanning the code …</p>
    </div>
  );
}
