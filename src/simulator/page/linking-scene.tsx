import { useEffect, useRef, useState } from 'preact/hooks';
import type { PhoneState } from '../demo/page-state.ts';
import { doAct } from './act.ts';
import { botStanding, botWords, scanStage } from './bot-words.ts';
import type { Controls } from './controls.ts';
import { useWorldTime } from './live-state.ts';
import { takeLostFocus } from './lost-focus.ts';
import { ShopPhoneScreen } from './scan-screen.tsx';
import { STILL } from './view-state.ts';
import { secondsLeft } from './world-time.ts';

/** As long as one takes to point a phone at a picture. */
const AIMING = 1400;

const steps = [
  'On the shop’s phone, open WhatsApp.',
  'In its menu (⋮, on an iPhone Settings), choose “Linked devices”.',
  'Tap “Link a device” and point the phone at the code.',
];

interface LinkingSceneProps extends Controls {
  readonly shop: PhoneState | undefined;
  /** Goes on to the phones, linked or not. */
  readonly leave: () => void;
}

/** How the bot comes to the shop's WhatsApp, with the code and the phone as they really are. */
export function LinkingScene(props: LinkingSceneProps) {
  const { live, world, shop, perform, leave } = props;
  const { scanning, problem, scan } = useScan(world.bot.link?.qr);
  const stage = scanStage(world.bot, shop, scanning);
  const title = useRef<HTMLHeadingElement>(null);
  const wasPressed = useRef(false);
  useEffect(() => {
    if (wasPressed.current) {
      takeLostFocus(title.current);
    }
  }, [stage]);
  return (
    <section class="scene" aria-labelledby="scene-title" data-stage={stage.replace(' ', '-')}>
      <h2 id="scene-title" tabIndex={-1} ref={title}>
        {stage === 'linked' ? 'Linked' : 'Link the bot to the shop’s phone'}
      </h2>
      <div class="scene-words">
        <p>
          Shopbell joins the shop’s WhatsApp as a linked device, like WhatsApp Web does. This is the real bot and its
          real code; only the phone and the WhatsApp behind it are simulated. Here you press “Link a device” on the
          drawn phone. With your own phone, later, you do this:
        </p>
        <ol class="steps">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
      <div class="scene-stage">
        <BotScreen live={live} world={world} />
        <ShopPhoneScreen
          stage={stage}
          name={shop?.name ?? world.shopName}
          number={shop?.writtenNumber}
          words={botWords(world.bot)}
          qr={world.bot.link?.qr}
          problem={problem}
          scan={() => {
            wasPressed.current = true;
            scan();
          }}
          turnOn={() => shop && perform({ act: 'power', phone: shop.number, on: true })}
        />
      </div>
      <p class="scene-more">
        {world.bot.pairingPage && (
          <a href={world.bot.pairingPage} target="_blank" rel="noreferrer">
            See the bot’s own pairing page
          </a>
        )}
        <button type="button" class="link" onClick={leave}>
          {stage === 'linked' ? 'On to the phones' : 'Look at the phones meanwhile'}
        </button>
      </p>
    </section>
  );
}

interface Scan {
  /** Whether the phone is being pointed at the code, or has sent what it saw. */
  readonly scanning: boolean;
  readonly problem: string | undefined;
  readonly scan: () => void;
}

/** What went wrong with one code is over with the next. */
function useScan(qr: string | undefined): Scan {
  const [scanning, setScanning] = useState(false);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (qr) {
      setProblem(undefined);
    }
  }, [qr]);
  useEffect(() => {
    if (!scanning) {
      return;
    }
    const aim = setTimeout(() => void send(), matchMedia(STILL).matches ? 0 : AIMING);
    return () => clearTimeout(aim);
  }, [scanning]);

  async function send() {
    const refusal = await doAct({ act: 'scan' });
    setProblem(refusal);
    if (refusal) {
      setScanning(false);
    }
  }
  function scan() {
    setProblem(undefined);
    setScanning(true);
  }
  return { scanning, problem, scan };
}

/** What an operator sees: the bot's words, and the code while there is one. */
function BotScreen({ live, world }: Pick<Controls, 'live' | 'world'>) {
  const { title, advice } = botWords(world.bot);
  const { link } = world.bot;
  return (
    <figure class="bot-screen">
      <figcaption>The bot’s screen</figcaption>
      <div class="screen">
        <p class="screen-title">
          <span class={`dot ${botStanding(world.bot)}`} aria-hidden="true" />
          <strong>{title}</strong>
        </p>
        {link?.qr ? (
          <div class="code">
            <img src={link.qr} alt="The code to scan" width="240" height="240" />
            {link.qrExpiresAt && <Countdown live={live} end={Date.parse(link.qrExpiresAt)} />}
          </div>
        ) : (
          <p class="no-code">{world.bot.process === 'starting' ? STARTING : advice}</p>
        )}
      </div>
    </figure>
  );
}

const STARTING = 'Starting the bot and its database, a few seconds …';

function Countdown({ live, end }: Pick<Controls, 'live'> & { readonly end: number }) {
  const left = secondsLeft(end, useWorldTime(live, 1000));
  return <p class="countdown">{left > 0 ? `New code in ${left} s` : 'A new code is on its way …'}</p>;
}
