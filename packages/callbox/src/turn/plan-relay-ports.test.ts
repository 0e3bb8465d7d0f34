import { expect, test } from 'vitest';
import { planRelayPorts, type RelayPort } from './plan-relay-ports.ts';

type Choice = Parameters<typeof planRelayPorts>[0];

const usual: Choice = {
  host: undefined,
  turnListen: [],
  turnPort: 3478,
  turnTlsPort: undefined,
  turnTransports: ['udp', 'tcp', 'tls'],
};

const shown = ({ port, address, takes }: RelayPort): string => `${address ?? '*'} ${port} ${takes.join('+')}`;

test.each<[Partial<Choice>, readonly string[]]>([
  [{}, ['* 3478 tcp+tls']],
  [{ host: '192.0.2.5' }, ['192.0.2.5 3478 tcp+tls']],
  [{ turnTlsPort: 5349 }, ['* 3478 tcp+tls', '* 5349 tcp+tls']],
  [{ turnTransports: ['udp', 'tls'], turnTlsPort: 5349 }, ['* 5349 tls']],
  [{ turnTransports: ['udp', 'tls'] }, ['* 3478 tls']],
  [{ turnTransports: ['udp', 'tcp'] }, ['* 3478 tcp']],
  [{ turnTransports: ['udp'] }, []],
  [
    { host: '127.0.0.1', turnListen: ['192.0.2.5', '::1', '::1'] },
    ['192.0.2.5 3478 tcp+tls', '::1 3478 tcp+tls'],
  ],
])('with %j the relay has %j', (choice, ports) => {
  expect(planRelayPorts({ ...usual, ...choice }).map(shown)).toEqual(ports);
});
