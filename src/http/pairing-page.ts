import { html, raw } from 'hono/html';
import type { Texts } from '../texts/en.ts';

/**
 * The page on which the shop's phone is linked. It holds no state of its own: every two seconds it asks `/pair.json` and shows what
 * the bot says. The token stays in the page's address.
 */
export function pairingPage({ pairingPage: words, locale }: Texts, shopName: string) {
  return html`<!doctype html>
<html lang="${locale.slice(0, 2)}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${words.title}</title>
  <style>${raw(style)}</style>
</head>
<body data-since="${words.since}" data-retry="${words.retryAt}" data-locale="${locale}">
  <main>
    <p class="shop">${shopName}</p>
    <h1>${words.title}</h1>
    <p id="state" class="state" role="status" aria-live="polite"></p>
    <p id="advice"></p>

    <section id="pairing" hidden>
      <div class="columns">
        <figure>
          <img id="qr" alt="${words.qrLabel}" width="280" height="280" hidden>
          <p id="waiting">${words.waitingForCode}</p>
          <figcaption id="countdown" hidden>${words.expires} <output id="seconds"></output> ${words.secondsShort}</figcaption>
        </figure>
        <ol>${words.steps.map((step) => html`<li>${step}</li>`)}</ol>
      </div>
      <details>
        <summary>${words.codeTitle}</summary>
        <form id="code-form">
          <label for="phone">${words.codeHelp}</label>
          <input id="phone" name="phone" type="tel" autocomplete="tel" placeholder="+34 600 000 001" required>
          <button>${words.codeButton}</button>
        </form>
        <p id="code-note" role="status" aria-live="polite"></p>
        <p id="code" class="code"></p>
      </details>
      <details>
        <summary>${words.causesTitle}</summary>
        <ul>${words.causes.map((cause) => html`<li>${cause}</li>`)}</ul>
      </details>
    </section>

    <p id="linked-note" hidden>${words.linkedNote}</p>

    <section id="claim" hidden>
      <h2>${words.claimTitle}</h2>
      <p>${words.claimHelp}</p>
      <p class="code">claim <span id="claim-code"></span></p>
      <p class="note">${words.claimNote}</p>
    </section>
  </main>
  <script>const shownCodeNote = ${raw(JSON.stringify(words.codeShown).replaceAll('<', '\\u003c'))};
${raw(script)}</script>
</body>
</html>`;
}

const style = `
  :root { color-scheme: light dark; --ink: #17211c; --paper: #fff; --soft: #5b6a62; --line: #d8e0dc; --accent: #0b7a55; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8efeb; --paper: #121715; --soft: #9fb0a7; --line: #2c3632; --accent: #3fc795; } }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.5 system-ui, sans-serif; }
  main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.6rem; margin: 0 0 .75rem; }
  h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
  .shop, .note, figcaption { color: var(--soft); margin: 0; }
  .state { font-weight: 600; border-left: 4px solid var(--accent); padding: .25rem .75rem; margin: 1rem 0 .5rem; }
  .state::first-letter { text-transform: uppercase; }
  .columns { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center; margin: 1rem 0; }
  figure { margin: 0; min-width: 280px; text-align: center; }
  #qr { background: #fff; border: 1px solid var(--line); border-radius: 12px; padding: 8px; }
  ol { flex: 1 1 16rem; padding-left: 1.25rem; }
  li { margin: .4rem 0; }
  details { border-top: 1px solid var(--line); padding: .75rem 0; }
  summary { cursor: pointer; }
  form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .75rem 0; }
  label { flex-basis: 100%; }
  input, button { font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; }
  button { background: var(--accent); color: var(--paper); border-color: var(--accent); cursor: pointer; }
  .code { font: 600 1.6rem/1.4 ui-monospace, monospace; letter-spacing: .08em; margin: .25rem 0; }
  .code:empty { display: none; }
  [hidden] { display: none !important; }
`;

const script = `
  const at = (id) => document.getElementById(id);
  const token = new URLSearchParams(location.search).get('token') ?? '';
  const withToken = (path) => path + '?token=' + encodeURIComponent(token);
  const time = (iso) => new Date(iso).toLocaleTimeString(document.body.dataset.locale);
  let shown = '';
  let expiresAt;

  async function refresh() {
    try {
      const answer = await fetch(withToken('/pair.json'));
      if (answer.ok) show(await answer.json());
    } catch {
      at('state').textContent = '…';
    }
    setTimeout(refresh, 2000);
  }

  function show(link) {
    const detail = link.retryAt ? document.body.dataset.retry + ' ' + time(link.retryAt)
      : link.state === 'linked' ? link.phone + ', ' + document.body.dataset.since + ' ' + time(link.since) : '';
    at('state').textContent = link.title + (detail ? ' (' + detail + ')' : '');
    at('advice').textContent = link.advice;
    at('pairing').hidden = link.state !== 'pairing';
    at('linked-note').hidden = link.state !== 'linked' || Boolean(link.claimCode);
    at('claim').hidden = !link.claimCode;
    at('claim-code').textContent = link.claimCode ?? '';
    at('code').textContent = link.code ?? '';
    at('code-note').textContent = link.code ? shownCodeNote : at('code-note').textContent;
    showQr(link);
  }

  function showQr(link) {
    expiresAt = link.expiresAt && new Date(link.expiresAt).getTime();
    at('qr').hidden = !link.qr;
    at('waiting').hidden = Boolean(link.qr);
    at('countdown').hidden = !expiresAt;
    if (link.qr && link.qr !== shown) {
      shown = link.qr;
      at('qr').src = withToken('/pair.svg') + '&' + Date.now();
    }
  }

  setInterval(() => {
    if (expiresAt) at('seconds').textContent = Math.max(0, Math.round((expiresAt - Date.now()) / 1000));
  }, 500);

  at('code-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    at('code-note').textContent = '…';
    const answer = await fetch(withToken('/pair/code'), { method: 'POST', body: new FormData(event.target) });
    const { code, error } = await answer.json();
    at('code').textContent = code ?? '';
    at('code-note').textContent = code ? shownCodeNote : error;
  });

  refresh();
`;
