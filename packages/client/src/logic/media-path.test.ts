import { describe, expect, it } from 'vitest';
import { isSamePath, readMediaPath, type PathStats } from './media-path.ts';

const report = (...entries: PathStats[]) => new Map(entries.map((entry) => [entry.id, entry]));

const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
const pair = { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' };
const local = (candidateType: string, protocol: string, relayProtocol?: string): PathStats => ({
  id: 'L',
  type: 'local-candidate',
  candidateType,
  protocol,
  ...(relayProtocol !== undefined && { relayProtocol }),
});
const remote = (candidateType: string): PathStats => ({
  id: 'R',
  type: 'remote-candidate',
  candidateType,
  protocol: 'udp',
});

describe('reading the path of media', () => {
  it('is direct between two addresses that are no relays', () => {
    expect(readMediaPath(report(transport, pair, local('srflx', 'udp'), remote('host')))).toEqual({
      relayed: false,
      protocol: 'udp',
    });
  });

  it('is relayed if either side uses a relay', () => {
    expect(readMediaPath(report(transport, pair, local('host', 'udp'), remote('relay')))?.relayed).toBe(true);
    expect(
      readMediaPath(report(transport, pair, local('relay', 'udp', 'udp'), remote('host')))?.relayed,
    ).toBe(true);
  });

  it('names the protocol towards our own relay, not that beyond it', () => {
    expect(readMediaPath(report(transport, pair, local('relay', 'udp', 'tls'), remote('host')))).toEqual({
      relayed: true,
      protocol: 'tls',
    });
    expect(
      readMediaPath(report(transport, pair, local('relay', 'udp', 'tcp'), remote('relay')))?.protocol,
    ).toBe('tcp');
  });

  it('names the protocol of a direct path', () => {
    expect(readMediaPath(report(transport, pair, local('host', 'tcp'), remote('host')))?.protocol).toBe(
      'tcp',
    );
  });

  it('finds the pair where a browser has no transport entry but marks the selected pair', () => {
    const stats = report(
      { ...pair, id: 'other', remoteCandidateId: 'X' },
      { ...pair, selected: true },
      local('host', 'udp'),
      remote('prflx'),
    );
    expect(readMediaPath(stats)).toEqual({ relayed: false, protocol: 'udp' });
  });

  it('is unknown before a pair is selected, or while its candidates are not listed', () => {
    expect(
      readMediaPath(report({ id: 'T', type: 'transport' }, pair, local('host', 'udp'), remote('host'))),
    ).toBeNull();
    expect(readMediaPath(report(transport, pair, local('host', 'udp')))).toBeNull();
    expect(readMediaPath(report())).toBeNull();
  });

  it('compares paths by what they say', () => {
    expect(isSamePath({ relayed: true, protocol: 'tls' }, { relayed: true, protocol: 'tls' })).toBe(true);
    expect(isSamePath({ relayed: true, protocol: 'tls' }, { relayed: true, protocol: 'udp' })).toBe(false);
    expect(isSamePath(null, { relayed: false, protocol: 'udp' })).toBe(false);
    expect(isSamePath(null, null)).toBe(true);
  });
});
