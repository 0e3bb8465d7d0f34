import { find, type DiagnosisId, type Finding } from '../diagnosis-table.ts';
import type { Facts, PublicName, RelayFact } from '../facts.ts';
import { isPublicAddress } from '../../network/is-public-address.ts';
import { addressesOf } from './perspective.ts';
import type { Judgement } from './judgement.ts';

/** The relay cannot be judged by a name that does not lead to it. */
const deafNames: readonly DiagnosisId[] = [
  'name-unknown',
  'name-elsewhere',
  'no-hairpin',
  'port-closed',
  'cdn-in-front',
  'proxy-cannot-reach',
  'no-tls',
];
const badCertificates: readonly DiagnosisId[] = [
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-wrong-name',
  'certificate-chain-incomplete',
  'certificate-self-signed',
  'certificate-unknown-authority',
];
const absences: readonly DiagnosisId[] = ['not-running', 'not-ready', 'port-taken', 'address-missing'];

/** What the relay itself has answered is its own matter, whatever way the question took. */
function judgeAnswer({ url, probe }: RelayFact): Finding | undefined {
  if (probe.ok) return undefined;
  const evidence = `${url}: ${probe.reason}`;
  switch (probe.answeredCode) {
    case 401:
    case 441:
      return find('relay-refuses', evidence);
    case 486:
    case 508:
      return find('relay-full', evidence);
    default:
      return probe.step === 'packet' || probe.step === 'permission'
        ? find('relay-does-not-relay', evidence)
        : undefined;
  }
}

function judgeInside(fact: RelayFact): Finding | undefined {
  if (fact.probe.ok) return undefined;
  const { url, transport, port, probe } = fact;
  return (
    judgeAnswer(fact) ??
    find('relay-dead', `${url}: ${probe.reason}`, {
      transport: transport === 'tls' ? 'TLS' : transport.toUpperCase(),
      protocol: transport === 'udp' ? 'udp' : 'tcp',
      port,
    })
  );
}

function judgeOutside(
  fact: RelayFact,
  name: PublicName | undefined,
  others: readonly RelayFact[],
): Finding | undefined {
  if (fact.probe.ok) return undefined;
  const { url, transport, port, probe } = fact;
  const works = others.filter((other) => other.probe.ok).map((other) => other.url);
  const compared = works.length === 0 ? '' : `; ${works.join(', ')} works`;
  const evidence = `${url}: ${probe.reason}${compared}`;
  const values = { name: fact.host, port };
  const answered = judgeAnswer(fact);
  if (answered !== undefined) return answered;
  if (transport === 'udp') return find('udp-blocked', evidence, values);
  if (transport === 'tls') return find('relay-tls-blocked', evidence, values);
  return find(port === name?.port ? 'one-port-no-relay' : 'turn-tcp-blocked', evidence, values);
}

/** Of a relay that is none of ours only this much can be said from here. */
function judgeForeign({ url, probe }: RelayFact): Finding | undefined {
  if (probe.ok) return undefined;
  const isRefused = probe.answeredCode === 401 || probe.answeredCode === 441;
  const failing = probe.step === 'packet' ? 'foreign-relay-alone' : 'foreign-relay-dead';
  return find(isRefused ? 'foreign-relay-refuses' : failing, `${url}: ${probe.reason}`, { url });
}

function onePerDiagnosis(findings: readonly (Finding | undefined)[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding): finding is Finding => {
    // The same trouble on another transport has the same cure; a dead transport has one of its own.
    const key =
      finding === undefined ? '' : `${finding.id} ${finding.id === 'relay-dead' ? finding.what : ''}`;
    if (finding === undefined || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What the relay tells guests as its own address. */
function judgeTold(facts: Facts): readonly Finding[] {
  const told = [...facts.relaysInside.tries, ...(facts.relaysOutside?.tries ?? [])]
    .filter(({ url }) => !facts.foreignRelays.includes(url))
    .map(({ probe }) => (probe.ok ? probe.relayedAddress : undefined))
    .find((address) => address !== undefined);
  const { name } = facts;
  if (told === undefined || name === undefined || !facts.roles.includes('turn')) return [];
  const ofName = addressesOf(facts).filter((address) => isPublicAddress(address));
  const address = ofName.find((candidate) => candidate.includes(':') === told.includes(':'));
  if (address === undefined || ofName.includes(told) || facts.local.network.includes(address)) return [];
  const evidence = `an allocation is told ${told}; ${name.host} leads to ${ofName.join(', ')}`;
  const values = { relayed: told, address, name: name.host };
  return [find(isPublicAddress(told) ? 'public-address-wrong' : 'public-address-unknown', evidence, values)];
}

/** Does a packet come through, by every way that guests are told of? */
export const judgeRelay: Judgement = (facts, hasFound) => {
  if (hasFound(...absences)) return [];
  const { relaysInside, relaysOutside, name, roles } = facts;
  // Where the relay runs elsewhere, all ways to it lead outside.
  const isHere = roles.includes('turn');
  const iceServers = relaysInside.iceServers ?? relaysOutside?.iceServers;
  if (iceServers === undefined) return [];
  const urls = iceServers.flatMap((server) => server.urls);
  if (!urls.some((url) => url.startsWith('turn'))) {
    const evidence = `guests are told ${urls.length === 0 ? 'nothing' : urls.join(', ')}`;
    return [find(isHere && relaysInside.iceServers !== undefined ? 'relay-closed' : 'no-relay', evidence)];
  }
  const isForeign = ({ url }: RelayFact): boolean => facts.foreignRelays.includes(url);
  const judgeOwn = (fact: RelayFact): Finding | undefined => {
    if (isForeign(fact)) return judgeForeign(fact);
    return isHere ? judgeInside(fact) : judgeOutside(fact, name, relaysInside.tries);
  };
  const inside = onePerDiagnosis(relaysInside.tries.map(judgeOwn)).filter(
    // Of ports that others have it is known already.
    ({ id }) => id !== 'relay-full' || !hasFound('relay-ports-taken'),
  );
  if (inside.length > 0) return inside;
  if (name === undefined || relaysOutside === undefined || hasFound(...deafNames, 'relay-ports-taken'))
    return [];
  const outside = relaysOutside.tries
    .filter(({ transport }) => transport !== 'tls' || !hasFound(...badCertificates))
    .map((fact, _index, others) => (isForeign(fact) ? judgeForeign(fact) : judgeOutside(fact, name, others)));
  const found = onePerDiagnosis(outside);
  // What lets no relay through without TLS lets none through with it.
  const isShut = found.some(({ id }) => id === 'one-port-no-relay');
  return [...found.filter(({ id }) => !isShut || id !== 'relay-tls-blocked'), ...judgeTold(facts)];
};
