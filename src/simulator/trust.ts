import { globalAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { WhatsAppServer } from './whatsapp-server.ts';

/**
 * Lets this process fetch from and upload to the server's media host; another process gets `certificatePath` as its
 * `NODE_EXTRA_CA_CERTS`. Baileys downloads with `fetch` and uploads with `node:https`.
 *
 * @returns how to end the trust
 */
export function trustInThisProcess({ certificate }: Pick<WhatsAppServer, 'certificate'>): () => Promise<void> {
  const ca = [...rootCertificates, certificate];
  const formerDispatcher = getGlobalDispatcher();
  const formerAuthorities = globalAgent.options.ca;
  const dispatcher = new Agent({ connect: { ca } });
  setGlobalDispatcher(dispatcher);
  globalAgent.options.ca = ca;
  return async () => {
    setGlobalDispatcher(formerDispatcher);
    if (formerAuthorities === undefined) {
      delete globalAgent.options.ca;
    } else {
      globalAgent.options.ca = formerAuthorities;
    }
    await dispatcher.destroy();
  };
}
