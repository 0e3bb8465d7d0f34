import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { listContainerAddresses } from './list-container-addresses.ts';

function at(address: string): NetworkInterfaceInfo[] {
  const mac = '02:00:00:00:00:01';
  return [{ address, netmask: '255.255.0.0', family: 'IPv4', mac, internal: false, cidr: `${address}/16` }];
}

test('addresses of bridges for containers are told from those of the network', () => {
  const interfaces = {
    lo: at('127.0.0.1'),
    eth0: at('192.168.1.5'),
    wlp2s0: at('192.168.2.5'),
    tailscale0: at('100.64.0.5'),
    br0: at('192.168.3.5'),
    docker0: at('172.17.0.1'),
    'br-3fe1a2b4c5d6': at('172.18.0.1'),
    virbr0: at('192.168.122.1'),
  };
  expect(listContainerAddresses(interfaces)).toEqual(['172.17.0.1', '172.18.0.1', '192.168.122.1']);
});
