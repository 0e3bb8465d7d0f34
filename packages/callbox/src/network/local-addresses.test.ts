import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { findLocalAddresses } from './local-addresses.ts';

test('the addresses of this machine are usable as they are', async () => {
  const { loopback, network } = await findLocalAddresses();
  expect(loopback).toContain('127.0.0.1');
  for (const address of [...loopback, ...network]) {
    expect(isIP(address)).not.toBe(0);
    expect(address).not.toMatch(/^fe80|%/i);
  }
  expect(new Set(network).size).toBe(network.length);
});
