import { describe, expect, it } from 'vitest';
import { listOldIceServers } from './list-old-ice-servers.ts';

const credentials = { username: '1:u', credential: 'c' };
const turnUrls = ['turn:h:3478?transport=udp', 'turn:h:3478?transport=tcp', 'turns:h:443?transport=tcp'];

describe('ICE servers for an old page', () => {
  it('come in two lists: STUN beside each TURN server over UDP, and TURN with its credentials', () => {
    const grant = { iceServers: [{ urls: turnUrls, ...credentials }], lifetimeSeconds: 60 };
    expect(listOldIceServers(grant)).toEqual({
      stunservers: [{ urls: ['stun:h:3478'] }],
      turnservers: [{ urls: turnUrls, ...credentials }],
    });
  });

  it('name a STUN server once, and each one that stands beside others', () => {
    const iceServers = [{ urls: ['stun:s', 'stun:h:3478'] }, { urls: ['turn:h:3478'], ...credentials }];
    expect(listOldIceServers({ iceServers, lifetimeSeconds: 60 })).toEqual({
      stunservers: [{ urls: ['stun:s'] }, { urls: ['stun:h:3478'] }],
      turnservers: [{ urls: ['turn:h:3478'], ...credentials }],
    });
  });

  it('are two lists even where there is nothing in the second', () => {
    expect(listOldIceServers({ iceServers: [{ urls: ['stun:h:3478'] }], lifetimeSeconds: 60 })).toEqual({
      stunservers: [{ urls: ['stun:h:3478'] }],
      turnservers: [],
    });
  });
});
