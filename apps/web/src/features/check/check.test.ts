import type { CheckFigures, CheckState, CheckWay, ConnectivitySnapshot } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { locales } from '../../locales/locale.ts';
import { works } from '../../testing/fake-check.ts';
import { createCheckWords, loadCheckCatalogue } from './check-words.ts';
import { writeReport, type ReportFacts } from './report.ts';
import { shortenAddresses } from './shorten-addresses.ts';
import { judgeConnectivity } from './verdict.ts';
import { checkEn } from './words/en.ts';

const failed: CheckState = { kind: 'failed', reason: 'unreachable', detail: '701 from 198.51.100.7' };
const relayed = (change: Partial<CheckFigures> = {}): CheckState =>
  works({ delayMs: 21.44, lossShare: 0.02, bitsPerSecond: 8_400_000, ...change });

function snapshot(
  change: Partial<Record<CheckWay, CheckState>> = {},
  state: ConnectivitySnapshot['state'] = 'done',
): ConnectivitySnapshot {
  return {
    state,
    ways: {
      socket: works(),
      mapping: works({ mappedAddress: '203.0.113.58' }),
      'relay-udp': relayed(),
      'relay-tcp': relayed(),
      'relay-tls': { kind: 'absent' },
      'relay-other': { kind: 'absent' },
      ...change,
    },
  };
}

describe('the verdict', () => {
  it.each<[string, ConnectivitySnapshot, string]>([
    ['all ways', snapshot(), 'good'],
    ['all ways while some are still tried', snapshot({}, 'running'), 'running'],
    ['the slow ways only', snapshot({ 'relay-udp': failed, mapping: failed }), 'slow'],
    ['a way on which much is lost', snapshot({ 'relay-udp': relayed({ lossShare: 0.2 }) }), 'lossy'],
    ['no way through the server', snapshot({ 'relay-udp': failed, 'relay-tcp': failed }), 'direct'],
    ['no way at all', snapshot({ 'relay-udp': failed, 'relay-tcp': failed, mapping: failed }), 'bad'],
    ['no server', snapshot({ socket: failed }), 'bad'],
    [
      'a server behind a wall that blocks WebSocket',
      snapshot({ socket: { ...works(), kind: 'fallback' } as CheckState }),
      'good',
    ],
  ])('of %s', (_what, given, expected) => {
    expect(judgeConnectivity(given, true)).toBe(expected);
  });

  it('is no on a page without encryption, whatever else works', () => {
    expect(judgeConnectivity(snapshot(), false)).toBe('insecure');
  });
});

describe('addresses', () => {
  it.each([
    ['seen as 203.0.113.58', 'seen as 203.0.113.x'],
    ['701 at [2001:db8:7:1::5]:3478', '701 at [2001:db8:7::x]:3478'],
    ['fe80::1 and ::1', 'fe80::x and ::x'],
    ['at 12:04, after 84 ms, 21.4 ms, 0 %', 'at 12:04, after 84 ms, 21.4 ms, 0 %'],
  ])('are shortened in "%s"', (text, expected) => {
    expect(shortenAddresses(text)).toBe(expected);
  });
});

describe('the report', () => {
  const facts: ReportFacts = {
    address: 'https://192.0.2.7:8080',
    atMs: Date.UTC(2026, 10, 22, 12),
    browser: 'Browser/156.0.0.0',
    isSecure: true,
    connectivity: snapshot({ 'relay-tcp': failed }),
    media: {
      microphone: { kind: 'on', label: 'Ana’s headset' },
      camera: { kind: 'failed', reason: 'in-use' },
      microphoneTrack: null,
      cameraTrack: null,
      screen: { kind: 'off' },
      screenTrack: null,
      screenAudioTrack: null,
      originalSound: false,
    },
    isHeard: true,
    speaker: 'good',
  };

  it('says what was tried, with addresses of people shortened and no name of a device', () => {
    expect(writeReport(facts, false)).toBe(`Callbox check
server:      https://192.0.2.7:8080
time:        2026-11-22T12:00:00.000Z
browser:     Browser/156.0.0.0
secure page: yes
socket:      works, after 84 ms
mapping:     works, after 84 ms, seen as 203.0.113.x
relay-udp:   works, after 84 ms, 21.4 ms there and back, 2 % lost, 8.4 Mbit/s
relay-tcp:   FAILED, unreachable (701 from 198.51.100.x)
relay-tls:   not offered
camera:      FAILED, in-use
microphone:  on, heard
speaker:     good
`);
  });

  it('names another relay where there is one', () => {
    const state = {
      kind: 'failed',
      reason: 'refused',
      detail: 'turn:relay.example: 401 Unauthorized',
    } as const;
    const connectivity = snapshot({ 'relay-other': state });
    expect(writeReport({ ...facts, connectivity }, false)).toContain(
      'relay-other: FAILED, refused (turn:relay.example: 401 Unauthorized)\n',
    );
    expect(judgeConnectivity(connectivity, true)).toBe('good');
  });

  it('has the addresses whole where the person wants that', () => {
    const text = writeReport(facts, true);
    expect(text).toContain('seen as 203.0.113.58');
    expect(text).toContain('701 from 198.51.100.7');
  });
});

describe.each(locales)('the words in %s', (locale) => {
  const placeholders = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();

  it('are those of English, with the same values to fill in', async () => {
    const catalogue: Readonly<Record<string, string>> = await loadCheckCatalogue(locale);
    expect(Object.keys(catalogue)).toEqual(Object.keys(checkEn));
    for (const [key, text] of Object.entries(checkEn)) {
      expect(catalogue[key]).not.toBe('');
      expect([key, placeholders(catalogue[key] ?? '')]).toEqual([key, placeholders(text)]);
    }
  });

  it('write numbers as the language does', async () => {
    const t = createCheckWords(locale, await loadCheckCatalogue(locale));
    expect(t('socket.good', { ms: 1234 })).toContain('1,234');
  });
});
