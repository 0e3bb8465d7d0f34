import { createRequire } from 'node:module';

/**
 * The calls of the kernel by which processes share memory and descriptors. As in `SystemCalls`, addresses are numbers, and -1
 * stands for a failure.
 */
export interface WorkerCalls {
  readonly socketpair: (domain: number, type: number, protocol: number, descriptors: number) => number;
  readonly sendmsg: (fd: number, message: number, flags: number) => number;
  readonly recvmsg: (fd: number, message: number, flags: number) => number;
  readonly memfdCreate: (name: string, flags: number) => number;
  readonly ftruncate: (fd: number, length: number) => number;
  readonly mmap: (
    at: number,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    from: number,
  ) => number;
  readonly prctl: (option: number, a: number, b: number, c: number, d: number) => number;
  /** The memory at an address that `mmap` gave; nothing else keeps it, and nothing may unmap it. */
  readonly viewOf: (at: number, length: number) => ArrayBuffer;
}

interface Koffi {
  load(path: null): { func(declaration: string): unknown };
  view(at: number, length: number): ArrayBuffer;
}

const DECLARATIONS = {
  socketpair: 'int socketpair(int domain, int type, int protocol, uintptr_t descriptors)',
  sendmsg: 'intptr_t sendmsg(int fd, uintptr_t message, int flags)',
  recvmsg: 'intptr_t recvmsg(int fd, uintptr_t message, int flags)',
  memfdCreate: 'int memfd_create(const char *name, unsigned int flags)',
  ftruncate: 'int ftruncate(int fd, int64_t length)',
  mmap: 'uintptr_t mmap(uintptr_t at, size_t length, int protection, int flags, int fd, int64_t from)',
  prctl: 'int prctl(int option, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)',
} as const;

/**
 * Binds the calls through koffi.
 *
 * @throws Error when koffi is not installed, has no binary for this machine, or the C library lacks one of the calls.
 */
export function loadWorkerCalls(): WorkerCalls {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load(null);
  const bound = Object.fromEntries(
    Object.entries(DECLARATIONS).map(([name, declaration]) => [name, library.func(declaration)]),
  ) as unknown as Omit<WorkerCalls, 'viewOf'>;
  return { ...bound, viewOf: (at, length) => koffi.view(at, length) };
}
