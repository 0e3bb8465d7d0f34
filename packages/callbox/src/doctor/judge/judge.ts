import type { Finding } from '../diagnosis-table.ts';
import type { Facts } from '../facts.ts';
import { judgeCertificate } from './judge-certificate.ts';
import { judgeClock } from './judge-clock.ts';
import { judgeData, judgeSystem } from './judge-machine.ts';
import { judgeName } from './judge-name.ts';
import { judgeRelay } from './judge-relay.ts';
import { judgeRelayPorts, judgeServer } from './judge-server.ts';
import type { Judgement } from './judgement.ts';

/** In the order of causes: a later one knows what the earlier ones have found. */
const judgements: readonly Judgement[] = [
  judgeData,
  judgeServer,
  judgeRelayPorts,
  judgeName,
  judgeCertificate,
  judgeClock,
  judgeRelay,
  judgeSystem,
];

/** Says what is the matter, causes only. Pure: the same facts have the same findings. */
export function judge(facts: Facts): readonly Finding[] {
  const findings: Finding[] = [];
  for (const judgement of judgements) {
    findings.push(...judgement(facts, (...ids) => findings.some(({ id }) => ids.includes(id))));
  }
  return findings;
}
