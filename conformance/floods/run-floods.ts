import { bundle } from './bundle.ts';
import type {
  CallCommand,
  CallMessage,
  CallReport,
  FloodCommand,
  FloodKind,
  FloodReport,
  ServerCommand,
  ServerReading,
  ServerReport,
} from './messages.ts';
import { createFloodNetwork } from './network.ts';
import { startInNamespace, type Place, type ProgramInNamespace } from './program-in-namespace.ts';

/**
 * The server has one core, and a burden on it that takes half: so whoever floods it from the other core has many times its
 * strength. The call comes before the flood there. All come before whatever else this machine does.
 */
const SERVER_CORE = 0;
const OUTSIDE_CORE = 1;
const SERVER_NICENESS = -15;
const CALL_NICENESS = -18;
const FLOOD_NICENESS = -10;

/** What a flood has come to. */
export interface FloodResult {
  /** Datagrams a second that were sent, that the server read, and that it answered. */
  readonly offered: number;
  readonly judged: number;
  readonly answered: number;
  /** Octets that the server holds on to afterwards, by its own account, garbage not counted. */
  readonly heldBytes: number;
  /** Its resident octets. */
  readonly residentBytes: number;
  /** What became of the call meanwhile. */
  readonly call: CallReport;
}

export interface FloodStage {
  /** The call alone. */
  readonly quiet: (durationMs: number) => Promise<CallReport>;
  readonly flood: (kind: FloodKind, durationMs: number) => Promise<FloodResult>;
  readonly close: () => Promise<void>;
}

/** Sets up server, call and generator, each in its place. */
export async function openFloodStage({
  clientSockets,
}: { readonly clientSockets?: number } = {}): Promise<FloodStage> {
  const opened: { readonly stop: () => Promise<void> }[] = [];
  const programs = await bundle(['server', 'burden', 'call', 'generator']);
  const network = createFloodNetwork();
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((program) => program.stop()));
    network.remove();
    await programs.remove();
  };
  const start = async <Command extends object, Report>(
    name: string,
    place: Omit<Place, 'path'>,
  ): Promise<ProgramInNamespace<Command, Report>> => {
    const program = await startInNamespace<Command, Report>({ ...place, path: programs.path(name) });
    opened.push(program);
    return program;
  };
  try {
    const onServer = { inside: network.onServer, core: SERVER_CORE, niceness: SERVER_NICENESS };
    const server = await start<ServerCommand, ServerReport>('server', {
      ...onServer,
      arguments: clientSockets === undefined ? [] : [String(clientSockets)],
    });
    await start('burden', onServer);
    const outside = { inside: network.outside, core: OUTSIDE_CORE };
    const call = await start<CallCommand, CallMessage>('call', { ...outside, niceness: CALL_NICENESS });
    const generator = await start<FloodCommand, FloodReport>('generator', {
      ...outside,
      niceness: FLOOD_NICENESS,
    });
    if (server.first.kind !== 'listening') throw new Error('the server does not listen');
    const { port } = server.first;
    await call.ask({ kind: 'connect', port });
    return { ...stageOf({ server, call, generator, port }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function stageOf({
  server,
  call,
  generator,
  port,
}: {
  readonly server: ProgramInNamespace<ServerCommand, ServerReport>;
  readonly call: ProgramInNamespace<CallCommand, CallMessage>;
  readonly generator: ProgramInNamespace<FloodCommand, FloodReport>;
  readonly port: number;
}): Omit<FloodStage, 'close'> {
  const measure = async (): Promise<ServerReading> => {
    const reading = await server.ask({ kind: 'measure' });
    if (reading.kind !== 'reading') throw new Error('the server gave no reading');
    return reading;
  };
  const quiet: FloodStage['quiet'] = async (durationMs) => {
    const report = await call.ask({ kind: 'talk', durationMs });
    if (report.kind !== 'talked') throw new Error('the call gave no report');
    return report;
  };
  return {
    quiet,
    flood: async (kind, durationMs) => {
      const before = await measure();
      const [talked, sent] = await Promise.all([
        quiet(durationMs),
        generator.ask({ kind, port, durationMs }),
      ]);
      const after = await measure();
      if (sent.kind !== 'sent') throw new Error('the generator gave no report');
      const perSecond = (count: number): number => Math.round((count * 1000) / sent.ms);
      return {
        offered: perSecond(sent.packets),
        judged: perSecond(after.judged - before.judged),
        answered: perSecond(after.answered - before.answered),
        heldBytes: after.heldBytes,
        residentBytes: after.residentBytes,
        call: talked,
      };
    },
  };
}
