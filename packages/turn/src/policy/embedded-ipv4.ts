import type { IpAddress } from '@callbox/stun';

interface Disguise {
  /** First octets of the IPv6 address. */
  readonly prefix: readonly number[];
  /** Where the IPv4 address starts. */
  readonly offset: number;
  /** Teredo stores the client's address with every bit flipped (RFC 4380 §4). */
  readonly flipped?: boolean;
}

const ZEROS_80 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

const DISGUISES: readonly Disguise[] = [
  { prefix: [...ZEROS_80, 0xff, 0xff], offset: 12 }, // IPv4-mapped, RFC 4291 §2.5.5.2
  { prefix: [...ZEROS_80, 0, 0], offset: 12 }, // IPv4-compatible, RFC 4291 §2.5.5.1
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], offset: 12 }, // NAT64, RFC 6052 §2.1
  { prefix: [0x20, 0x02], offset: 2 }, // 6to4, RFC 3056 §2
  { prefix: [0x20, 0x01, 0, 0], offset: 12, flipped: true }, // Teredo, RFC 4380 §4
];

/** The IPv4 address that an IPv6 address may be turned into on its way; policies must hold for it too. */
export function embeddedIpv4({ family, address }: IpAddress): IpAddress | undefined {
  if (family === 4) return undefined;
  const disguise = DISGUISES.find(({ prefix }) => prefix.every((octet, index) => address[index] === octet));
  if (disguise === undefined) return undefined;
  const inner = address.slice(disguise.offset, disguise.offset + 4);
  return {
    family: 4,
    address: disguise.flipped === true ? inner.map((octet) => octet ^ 0xff) : inner,
  };
}
