// Turns GRO of an interface off and makes sure that it is: `node turn-gro-off.mjs veth0`. As `ethtool -K veth0 gro off` does, which is
// not installed everywhere.
import koffi from 'koffi';

const SIOCETHTOOL = 0x8946;
const ETHTOOL_GET_GRO = 0x2b;
const ETHTOOL_SET_GRO = 0x2c;
const libc = koffi.load(null);
const socket = libc.func('int socket(int domain, int type, int protocol)');
const ioctl = libc.func('int ioctl(int fd, unsigned long request, uintptr_t argument)');

const fd = socket(2, 2, 0);
const value = Buffer.from(new ArrayBuffer(8));
const request = Buffer.from(new ArrayBuffer(40));
request.write(process.argv[2] ?? 'veth0');
request.writeBigUInt64LE(koffi.address(value), 16);

function command(number) {
  value.writeUInt32LE(number, 0);
  value.writeUInt32LE(0, 4);
  if (ioctl(fd, SIOCETHTOOL, Number(koffi.address(request))) < 0)
    throw new Error(`ethtool: errno ${koffi.errno()}`);
  return value.readUInt32LE(4);
}

command(ETHTOOL_SET_GRO);
if (command(ETHTOOL_GET_GRO) !== 0) throw new Error('GRO stays on');
