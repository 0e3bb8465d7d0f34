import { createRequire } from 'node:module';
import { constants } from 'node:os';

/**
 * The calls of the kernel that the plane makes. Addresses in memory travel as numbers, which neither copies nor makes
 * anything; whoever passes one keeps what it points to alive. All give -1 on failure, and `errno` then says why.
 */
export interface SystemCalls {
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, address: number, length: number) => number;
  readonly connect: (fd: number, address: number, length: number) => number;
  readonly getsockname: (fd: number, address: number, length: number) => number;
  readonly setsockopt: (fd: number, level: number, name: number, value: number, length: number) => number;
  readonly close: (fd: number) => number;
  readonly epollCreate: (flags: number) => number;
  readonly epollCtl: (epoll: number, operation: number, fd: number, event: number) => number;
  readonly epollWait: (epoll: number, events: number, max: number, timeoutMs: number) => number;
  readonly recvmmsg: (fd: number, messages: number, count: number, flags: number, timeout: number) => number;
  readonly sendmmsg: (fd: number, messages: number, count: number, flags: number) => number;
  readonly errno: () => number;
  /** Where octets are; they must not be moved, and be kept alive while the number is in use. */
  readonly addressOf: (bytes: Uint8Array) => number;
  /** Calls back in a turn of Node's own loop whenever there is something to read. */
  readonly watch: (fd: number, onReadable: () => void) => Watch;
}

/** What keeps an eye on a descriptor, and keeps the process alive meanwhile. */
export interface Watch {
  /** To be called before the descriptor is closed. */
  close(): void;
}

/** What is used of koffi; its own types promise `any`. */
interface Koffi {
  load(path: null): { func(declaration: string): unknown };
  errno(): number;
  address(bytes: Uint8Array): bigint;
  readonly node: {
    poll(fd: number, options: { readonly readable: boolean }, callback: () => void): Watch & { stop(): void };
  };
}

const DECLARATIONS = {
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, uintptr_t address, int length)',
  connect: 'int connect(int fd, uintptr_t address, int length)',
  getsockname: 'int getsockname(int fd, uintptr_t address, uintptr_t length)',
  setsockopt: 'int setsockopt(int fd, int level, int name, uintptr_t value, int length)',
  close: 'int close(int fd)',
  epollCreate: 'int epoll_create1(int flags)',
  epollCtl: 'int epoll_ctl(int epoll, int operation, int fd, uintptr_t event)',
  epollWait: 'int epoll_wait(int epoll, uintptr_t events, int max, int timeout)',
  recvmmsg: 'int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, uintptr_t timeout)',
  sendmmsg: 'int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)',
} as const;

/**
 * Binds the calls through koffi, an optional dependency whose binaries come inside its packages.
 *
 * @throws Error when koffi is not installed, has no binary for this machine, or the C library lacks one of the calls.
 */
export function loadSystemCalls(): SystemCalls {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load(null);
  const bound = Object.fromEntries(
    Object.entries(DECLARATIONS).map(([name, declaration]) => [name, library.func(declaration)]),
  ) as unknown as Record<keyof typeof DECLARATIONS, (...args: number[]) => number>;
  return {
    ...bound,
    errno: () => koffi.errno(),
    addressOf: (bytes) => Number(koffi.address(bytes)),
    watch: (fd, onReadable) => {
      const handle = koffi.node.poll(fd, { readable: true }, onReadable);
      return {
        close: () => {
          handle.stop();
          handle.close();
        },
      };
    },
  };
}

const ERROR_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [number, name]),
);

/** A call that failed; `code` is the system's word for why. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = ERROR_NAMES.get(errno) ?? `errno ${errno}`;
    super(`${call}: ${code}`);
    this.code = code;
  }
}
