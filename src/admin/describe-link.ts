import type { Link } from '../outbox/link.ts';
import type { Texts } from '../texts/en.ts';

/** The state of the link in words, and the one next step. */
export function describeLink(link: Link, texts: Texts): { readonly state: string; readonly advice: string } {
  switch (link.state) {
    case 'linked':
    case 'standby':
      return texts.link[link.state];
    case 'connecting':
      return texts.link[link.trouble ?? 'connecting'];
    case 'pairing':
      return texts.link[link.after ?? 'pairing'];
    case 'stopped':
      return texts.link[link.because];
  }
}
