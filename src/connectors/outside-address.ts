import { BlockList, isIP } from 'node:net';
import type { AddressRefusal } from '../shop/exchange.ts';

/** What may be called at all. */
export interface AddressRules {
  readonly protocols: readonly string[];
  /** As they stand in an address: empty is the protocol's own. Any, when left out. */
  readonly ports?: readonly string[];
  /** Whether no address may lead to this IP address. */
  readonly isClosed: (ip: string) => boolean;
}

/**
 * The rules for addresses that somebody has typed (facts/commerce §4): a manager's chat is no way into the machine's own network, nor to a
 * cloud's address for secrets.
 *
 * @param allowPrivate for tests, and for a CRM beside the bot
 */
export function addressRules(allowPrivate: boolean): AddressRules {
  return allowPrivate
    ? { protocols: ['https:', 'http:'], isClosed: () => false }
    : { protocols: ['https:'], ports: ['', '8443'], isClosed: isNotPublic };
}

/** Every IPv4 network that is not the public internet. */
const closedIpv4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';

/**
 * The public internet is within 2000::/3 only, so everything around it is closed: that holds ::1, IPv4 addresses in IPv6 dress, NAT64,
 * fc00::/7, fe80::/10 and ff00::/8. Within it what leads back to IPv4 or is for documents only.
 */
const closedIpv6 = '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/20';

// Two lists, because an IPv4 address would be looked for among the IPv6 networks too, in its IPv6 dress.
const closed = { ipv4: listOf(closedIpv4), ipv6: listOf(closedIpv6) };

function listOf(networks: string): BlockList {
  const list = new BlockList();
  for (const network of networks.split(' ')) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

/** What is no IP address is no public one either. */
function isNotPublic(ip: string): boolean {
  return isIP(ip) === 0 || closed[familyOf(ip)].check(ip, familyOf(ip));
}

/** Why this address is not called, as far as its text alone tells; a name may still lead where it must not. */
export function refusalOf(url: URL, { protocols, ports, isClosed }: AddressRules): AddressRefusal | undefined {
  if (!protocols.includes(url.protocol)) {
    return 'not-https';
  }
  if (url.username || url.password) {
    return 'has-password';
  }
  if (ports && !ports.includes(url.port)) {
    return 'port';
  }
  const ip = ipOf(hostOf(url));
  return ip !== undefined && isClosed(ip) ? 'private' : undefined;
}

/** The host without the brackets of IPv6. However an IPv4 address was written, `URL` has made four decimal numbers of it. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The IP address that a host is; `localhost` means this machine without that anybody looks it up (RFC 6761). */
function ipOf(host: string): string | undefined {
  if (/^(?:.*\.)?localhost\.?$/.test(host)) {
    return '127.0.0.1';
  }
  return isIP(host) ? host : undefined;
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return ip.includes(':') ? 'ipv6' : 'ipv4';
}
