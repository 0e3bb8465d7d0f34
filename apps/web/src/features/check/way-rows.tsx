import type { CheckFigures, CheckState, CheckWay, ConnectivitySnapshot } from '@callbox/client';
import { useFailureWords } from '../devices/failure-words.ts';
import { CheckRow, type RowState } from './check-row.tsx';
import { useCheckWords, type CheckWords } from './check-words.ts';

type RelayWay = Extract<CheckWay, `relay-${string}`>;

function rowStateOf(state: CheckState): RowState {
  return state.kind === 'fallback' ? 'warning' : state.kind;
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function Figures({ figures, t }: { readonly figures: CheckFigures; readonly t: CheckWords }) {
  const { delayMs, lossShare, bitsPerSecond } = figures;
  return (
    <ul class="check-figures numbers">
      {delayMs !== undefined && <li>{t('relay.good', { delay: roundTo(delayMs, delayMs < 10 ? 1 : 0) })}</li>}
      {lossShare !== undefined && <li>{t('relay.loss', { percent: roundTo(lossShare * 100, 0) })}</li>}
      {bitsPerSecond !== undefined && <li>{t('relay.rate', { rate: roundTo(bitsPerSecond / 1e6, 1) })}</li>}
    </ul>
  );
}

function Seen({ children }: { readonly children: string }) {
  return <p class="check-row__seen">{children}</p>;
}

function SocketRow({ state, t }: { readonly state: CheckState; readonly t: CheckWords }) {
  const fixes: Partial<Record<CheckState['kind'], string>> = {
    failed: t('socket.failed.fix'),
    fallback: t('socket.fallback.fix'),
  };
  return (
    <CheckRow
      id="socket"
      title={t('socket')}
      protocol={t('socket.protocol')}
      state={rowStateOf(state)}
      fix={fixes[state.kind]}
    >
      {state.kind === 'good' && <Seen>{t('socket.good', { ms: Math.round(state.figures.setUpMs) })}</Seen>}
      {state.kind === 'fallback' && <Seen>{t('socket.fallback')}</Seen>}
      {state.kind === 'failed' && <Seen>{t('socket.failed')}</Seen>}
    </CheckRow>
  );
}

function MappingRow({ state, t }: { readonly state: CheckState; readonly t: CheckWords }) {
  // Of itself it breaks nothing: who is not heard here is still reached through the server.
  const rowState = state.kind === 'failed' ? 'closed' : rowStateOf(state);
  const address = state.kind === 'good' ? state.figures.mappedAddress : undefined;
  return (
    <CheckRow
      id="mapping"
      title={t('mapping')}
      protocol={t('mapping.protocol')}
      state={rowState}
      fix={state.kind === 'failed' ? t('mapping.failed.fix') : undefined}
    >
      {state.kind === 'good' && (
        <Seen>{address === undefined ? t('mapping.same') : t('mapping.good', { address })}</Seen>
      )}
      {state.kind === 'failed' && <Seen>{t('mapping.failed')}</Seen>}
    </CheckRow>
  );
}

function describeRelayFailure(
  way: RelayWay,
  state: CheckState & { readonly kind: 'failed' },
  t: CheckWords,
): readonly [seen: string, fix: string] {
  switch (state.reason) {
    case 'refused':
      return [t('relay.refused'), t('relay.refused.fix')];
    case 'not-connected':
    case 'no-data':
      return [t('relay.not-connected'), t('relay.not-connected.fix')];
    case 'unreachable':
    case 'unsupported':
      return [t(`${way}.failed`), t(`${way}.failed.fix`)];
  }
}

interface RelayRowProps {
  readonly way: RelayWay;
  readonly state: CheckState;
  readonly isReachedOtherwise: boolean;
  readonly t: CheckWords;
}

function RelayRow({ way, state, isReachedOtherwise, t }: RelayRowProps) {
  const failure = state.kind === 'failed' ? describeRelayFailure(way, state, t) : undefined;
  const rowState = state.kind === 'failed' && isReachedOtherwise ? 'closed' : rowStateOf(state);
  return (
    <CheckRow id={way} title={t(way)} protocol={t(`${way}.protocol`)} state={rowState} fix={failure?.[1]}>
      {state.kind === 'good' && <Figures figures={state.figures} t={t} />}
      {failure !== undefined && <Seen>{failure[0]}</Seen>}
      {state.kind === 'absent' && <Seen>{t(way === 'relay-tls' ? 'relay-tls.absent' : 'relay.absent')}</Seen>}
    </CheckRow>
  );
}

const relayWays = ['relay-udp', 'relay-tcp', 'relay-tls'] as const;
/** Most servers name no other relay: it is told of where there is one. */
const untold: ReadonlySet<CheckState['kind']> = new Set(['waiting', 'absent']);

/** Every way to the server, in the order in which they are tried. */
export function WayRows({
  ways,
  isSecure,
}: Pick<ConnectivitySnapshot, 'ways'> & { readonly isSecure: boolean }) {
  const t = useCheckWords();
  const failureWords = useFailureWords();
  if (t === null) return null;
  const isReached = relayWays.some((way) => ways[way].kind === 'good');
  return (
    <ul class="check-rows">
      <CheckRow
        id="secure"
        title={t('secure')}
        protocol="HTTPS"
        state={isSecure ? 'good' : 'failed'}
        fix={isSecure ? undefined : failureWords?.('insecure')}
      >
        {isSecure && <Seen>{t('secure.good')}</Seen>}
      </CheckRow>
      <SocketRow state={ways.socket} t={t} />
      <MappingRow state={ways.mapping} t={t} />
      {[...relayWays, 'relay-other' as const].map((way) =>
        way === 'relay-other' && untold.has(ways[way].kind) ? null : (
          <RelayRow key={way} way={way} state={ways[way]} isReachedOtherwise={isReached} t={t} />
        ),
      )}
    </ul>
  );
}
