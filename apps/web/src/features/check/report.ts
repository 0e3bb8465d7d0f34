import { checkWays, type CheckState, type ConnectivitySnapshot } from '@callbox/client';
import type { LocalMediaSnapshot } from '@callbox/client';
import { shortenAddresses } from './shorten-addresses.ts';

export interface ReportFacts {
  readonly address: string;
  readonly atMs: number;
  readonly browser: string;
  readonly isSecure: boolean;
  readonly connectivity: ConnectivitySnapshot;
  readonly media: LocalMediaSnapshot;
  readonly isHeard: boolean;
  readonly speaker: 'unasked' | 'good' | 'bad';
}

function describe(state: CheckState): string {
  switch (state.kind) {
    case 'waiting':
    case 'running':
      return 'not tried yet';
    case 'absent':
      return 'not offered';
    case 'failed':
      return `FAILED, ${state.reason}${state.detail === '' ? '' : ` (${state.detail})`}`;
    case 'good':
    case 'fallback': {
      const { setUpMs, delayMs, lossShare, bitsPerSecond, mappedAddress } = state.figures;
      const parts = [
        state.kind === 'good' ? 'works' : 'works without WebSocket',
        `after ${Math.round(setUpMs)} ms`,
        ...(delayMs === undefined ? [] : [`${delayMs.toFixed(1)} ms there and back`]),
        ...(lossShare === undefined ? [] : [`${Math.round(lossShare * 100)} % lost`]),
        ...(bitsPerSecond === undefined ? [] : [`${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`]),
        ...(mappedAddress === undefined ? [] : [`seen as ${mappedAddress}`]),
      ];
      return parts.join(', ');
    }
  }
}

function describeDevice(state: LocalMediaSnapshot['camera']): string {
  return state.kind === 'failed' ? `FAILED, ${state.reason}` : state.kind;
}

/**
 * What whoever runs the server needs to know, in English, which they all read. No credential and no device's name is in
 * it; addresses are shortened unless asked for whole.
 */
export function writeReport(facts: ReportFacts, withWholeAddresses: boolean): string {
  const { connectivity, media } = facts;
  const shown = (text: string): string => (withWholeAddresses ? text : shortenAddresses(text));
  const lines = [
    ['server', facts.address],
    ['time', new Date(facts.atMs).toISOString()],
    ['browser', facts.browser],
    ['secure page', facts.isSecure ? 'yes' : 'NO'],
    ...checkWays
      .filter((way) => way !== 'relay-other' || connectivity.ways[way].kind !== 'absent')
      .map((way) => [way, shown(describe(connectivity.ways[way]))]),
    ['camera', describeDevice(media.camera)],
    ['microphone', `${describeDevice(media.microphone)}${facts.isHeard ? ', heard' : ''}`],
    ['speaker', facts.speaker],
  ] as const;
  const text = lines.map(([term, words]) => `${`${term}:`.padEnd(13)}${words ?? ''}`).join('\n');
  return `Callbox check\n${text}\n`;
}
