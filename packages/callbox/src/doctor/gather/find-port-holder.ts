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

function parentOf(pid: string): string {
  try {
    return (
      /^PPid:\s+(?<parent>\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.['parent'] ?? ''
    );
  } catch {
    return '';
  }
}

/** Finds the program that has a port: on Linux, and of other people's programs only for the administrator. */
export function findPortHolder(transport: 'tcp' | 'udp', port: number): PortHolder | undefined {
  const inodes = findInodes(transport, port);
  if (inodes.size === 0) return undefined;
  const holders = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && hasOneOf(pid, inodes));
  // Processes that a server has started may have sockets of its.
  const holder = holders.find((pid) => !holders.includes(parentOf(pid))) ?? holders[0];
  if (holder === undefined) return undefined;
  const name = readFileSync(`/proc/${holder}/comm`, 'utf8').trim();
  return { pid: Number(holder), inWords: `${name} (process ${holder})` };
}
