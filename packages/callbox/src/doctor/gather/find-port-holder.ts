import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface PortHolder {
  readonly pid: number;
  /** `nginx (process 812)`. */
  readonly inWords: string;
}

/** TCP_LISTEN of the kernel's include/net/tcp_states.h; a UDP socket has no such state. */
const listening = '0A';

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

/** The inodes of the sockets on a port, out of the kernel's tables (proc(5)). */
function findInodes(transport: 'tcp' | 'udp', port: number): ReadonlySet<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of [transport, `${transport}6`]) {
    for (const line of linesOf(`/proc/net/${table}`)) {
      const fields = line.trim().split(/\s+/);
      const isThere = fields[1]?.endsWith(`:${wanted}`) === true;
      if (isThere && (transport === 'udp' || fields[3] === listening)) inodes.add(fields[9] ?? '');
    }
  }
  return inodes;
}

function hasOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(?<inode>\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.groups?.[
        'inode'
      ];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Somebody else's, or gone.
    return false;
  }
}

/** Finds the program that has a port: on Linux, and of other people's programs only for the administrator. */
export function findPortHolder(transport: 'tcp' | 'udp', port: number): PortHolder | undefined {
  const inodes = findInodes(transport, port);
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || !hasOneOf(pid, inodes)) continue;
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return { pid: Number(pid), inWords: `${name} (process ${pid})` };
  }
  return undefined;
}
