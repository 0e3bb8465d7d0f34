import type { IpAddress, TransportAddress } from '@callbox/stun';
import { hostWordsOf, type HostWords } from '../host-words.ts';
import { createNativeBlock, type NativeBlock } from './native-block.ts';
import {
  ADDRESS_FAMILY,
  MAX_ADDRESS_BYTES,
  readSocketAddress,
  socketAddressBytes,
  writeSocketAddress,
} from './socket-address.ts';
import { SystemCallError, type SystemCalls } from './system-calls.ts';

/** SOCK_DGRAM, not blocking, closed when another program is started. */
const SOCKET_TYPE = 2 | 0x800 | 0x80000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_RXQ_OVFL = 40;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
export const SOL_UDP = 17;
export const UDP_SEGMENT = 103;
export const UDP_GRO = 104;

/** A run of packets and more; the system caps it at its own limit. */
const SEND_BUFFER_BYTES = 1024 * 1024;
const LENGTH_OFFSET = 32;

/** Opens and closes UDP sockets. */
export class UdpSockets {
  readonly #calls: SystemCalls;
  readonly #block: NativeBlock;

  constructor(calls: SystemCalls) {
    this.#calls = calls;
    this.#block = createNativeBlock(calls, 64);
  }

  /**
   * Opens a socket and binds it to an address of this machine.
   *
   * @throws SystemCallError
   */
  open(local: TransportAddress, { sharesAddress }: { readonly sharesAddress: boolean }): number {
    const fd = this.#check(this.#calls.socket(ADDRESS_FAMILY[local.family], SOCKET_TYPE, 0), 'socket');
    try {
      if (local.family === 6) this.#set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      if (sharesAddress) this.#set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
      this.#set(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
      this.#set(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES);
      this.#set(fd, SOL_UDP, UDP_GRO, 1);
      const length = this.#writeAddress(local.family, hostWordsOf(local), local.port);
      this.#check(this.#calls.bind(fd, this.#block.at, length), 'bind');
      return fd;
    } catch (error) {
      this.close(fd);
      throw error;
    }
  }

  /** Asked for, not required: see `RECEIVE_BUFFER_BYTES`. */
  enlargeReceiveBuffer(fd: number, bytes: number): void {
    this.#set(fd, SOL_SOCKET, SO_RCVBUF, bytes);
  }

  /** The port of a socket. @throws SystemCallError */
  portOf(fd: number, family: IpAddress['family']): number {
    this.#block.view.setInt32(LENGTH_OFFSET, MAX_ADDRESS_BYTES, true);
    const { at } = this.#block;
    this.#check(this.#calls.getsockname(fd, at, at + LENGTH_OFFSET), 'getsockname');
    return readSocketAddress(this.#block.view, 0, family, new Int32Array(4));
  }

  /** @throws SystemCallError */
  connect(fd: number, family: IpAddress['family'], words: HostWords, port: number): void {
    const length = this.#writeAddress(family, words, port);
    this.#check(this.#calls.connect(fd, this.#block.at, length), 'connect');
  }

  /** True where the kernel knows an option of UDP. */
  hasOption(option: number): boolean {
    const fd = this.#calls.socket(ADDRESS_FAMILY[4], SOCKET_TYPE, 0);
    if (fd < 0) return false;
    const isKnown = this.#set(fd, SOL_UDP, option, 0);
    this.close(fd);
    return isKnown;
  }

  close(fd: number): void {
    this.#calls.close(fd);
  }

  /** Where an option is not known, we do without. */
  #set(fd: number, level: number, option: number, value: number): boolean {
    this.#block.view.setInt32(0, value, true);
    return this.#calls.setsockopt(fd, level, option, this.#block.at, 4) === 0;
  }

  #writeAddress(family: IpAddress['family'], words: HostWords, port: number): number {
    writeSocketAddress(this.#block.view, 0, family, words, port);
    return socketAddressBytes(family);
  }

  #check(result: number, call: string): number {
    if (result < 0) throw new SystemCallError(call, this.#calls.errno());
    return result;
  }
}
