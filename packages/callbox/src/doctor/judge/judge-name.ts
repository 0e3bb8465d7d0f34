import { find, type Finding } from '../diagnosis-table.ts';
import type { Facts, HealthFact, PublicName } from '../facts.ts';
import { isPublicAddress } from '../../network/is-public-address.ts';
import { isCloudflareAddress } from './cloudflare-addresses.ts';
import { findMiddleman } from './find-middleman.ts';
import type { Judgement } from './judgement.ts';
import { addressesOf, looksFromOutside, runsHere } from './perspective.ts';

/** The address that guests should be sent to, as well as it is known here. */
export function wantedAddress({ publicAddresses, local }: Facts): string | undefined {
  return publicAddresses[0] ?? local.network.find((address) => isPublicAddress(address));
}

function wantedAddressInWords(facts: Facts): string {
  return wantedAddress(facts) ?? 'the public address of this machine';
}

function list(addresses: readonly string[]): string {
  return addresses.length === 0 ? 'nothing' : addresses.join(', ');
}

function elsewhere(facts: Facts, name: PublicName, evidence: string): Finding {
  return find('name-elsewhere', evidence, { name: name.host, address: wantedAddressInWords(facts) });
}

function judgeSilence(facts: Facts, name: PublicName, health: HealthFact & { kind: 'silent' }): Finding {
  const addresses = addressesOf(facts);
  const evidence = `${name.host} leads to ${list(addresses)}; a connection to TCP port ${name.port} there ends with ${health.reason}`;
  const values = { name: name.host, port: name.port };
  const isOneOf = (known: readonly string[]): boolean => addresses.some((address) => known.includes(address));
  if (isOneOf([...facts.local.network, ...facts.local.loopback])) {
    return find('port-closed', evidence, values);
  }
  if (addresses.length > 0 && addresses.every((address) => isCloudflareAddress(address))) {
    return find('cdn-in-front', evidence, { ...values, product: 'Cloudflare' });
  }
  if (looksFromOutside(facts)) return find('port-closed', evidence, values);
  const isBehindRouter = facts.local.network.every((address) => !isPublicAddress(address));
  const mayBeOurs = isOneOf(facts.publicAddresses) || (facts.publicAddresses.length === 0 && isBehindRouter);
  if (!mayBeOurs || !runsHere(facts)) return elsewhere(facts, name, evidence);
  return find('no-hairpin', evidence, {
    ...values,
    url: name.url,
    local: facts.local.network[0] ?? '127.0.0.1',
  });
}

function judgeStranger(
  facts: Facts,
  name: PublicName,
  health: HealthFact & { kind: 'stranger' | 'unready' },
): Finding {
  const server = facts.web?.headers['server'];
  const evidence = `${name.url}/healthz is answered with ${health.status}${server === undefined ? '' : ` by ${server}`}`;
  if (health.status >= 502 && health.status <= 504) {
    return find('proxy-cannot-reach', evidence, { name: name.host, port: facts.onePort ?? name.port });
  }
  return elsewhere(facts, name, evidence);
}

function judgeWeb(facts: Facts, name: PublicName): Finding | undefined {
  const { web } = facts;
  if (web === undefined) return undefined;
  const { health } = web;
  const middleman = findMiddleman(web.headers);
  if (middleman !== undefined) {
    return find('cdn-in-front', `its answer carries ${middleman.evidence}`, {
      name: name.host,
      product: middleman.product,
    });
  }
  if (web.certificate !== undefined && 'error' in web.certificate) {
    return find('no-tls', `TCP connects, TLS does not: ${web.certificate.error}`, {
      name: name.host,
      port: name.port,
    });
  }
  if (health.kind === 'silent') return judgeSilence(facts, name, health);
  if (health.kind !== 'callbox') return judgeStranger(facts, name, health);
  const here = facts.health.kind === 'callbox' ? facts.health.instance : undefined;
  if (here !== undefined && health.instance !== undefined && here !== health.instance) {
    return elsewhere(facts, name, `another Callbox answers there (it leads to ${list(addressesOf(facts))})`);
  }
  if (web.websocketStatus !== undefined && web.websocketStatus !== 101) {
    const evidence = `the handshake of a WebSocket is answered with ${web.websocketStatus} instead of 101`;
    return find('proxy-without-websocket', evidence, { name: name.host });
  }
  return undefined;
}

/** Does the name lead here, and does everything come through on the way? */
export const judgeName: Judgement = (facts, hasFound) => {
  const { name, resolved } = facts;
  if (name === undefined || hasFound('not-running', 'not-ready', 'port-taken', 'address-missing')) return [];
  const values = { name: name.host, address: wantedAddressInWords(facts) };
  if (!name.isAddress && addressesOf(facts).length === 0) {
    return [find('name-unknown', `the resolver says ${resolved?.error ?? 'that it has no address'}`, values)];
  }
  const finding = judgeWeb(facts, name);
  if (finding !== undefined) return [finding];
  const addresses = addressesOf(facts);
  const wanted = wantedAddress(facts);
  const isOutOfReach = addresses.every(
    (address) => !isPublicAddress(address) && !facts.local.loopback.includes(address),
  );
  if (isOutOfReach && wanted !== undefined && isPublicAddress(wanted)) {
    return [find('name-private', `it leads to ${list(addresses)}`, values)];
  }
  return [];
};
