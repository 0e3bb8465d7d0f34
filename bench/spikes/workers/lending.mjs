// Ways to lend a UDP socket to a child, signals aimed at the group, and what the SO_REUSEPORT hash does on a close.
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { fileURLToPath } from 'node:url';
import * as sys from './system-calls.mjs';

const me = fileURLToPath(import.meta.url);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const IP = '127.0.0.1';

if (process.argv[2] === 'stdio') {
  process.send({ fd: 4, port: sys.localPort(4) }, () => process.exit(0));
} else if (process.argv[2] === 'send') {
  process.on('message', (m, handle) => {
    const fd = handle._handle.fd;
    process.send({ fd, port: sys.localPort(fd) }, () => process.exit(0));
  });
} else if (process.argv[2] === 'rights') {
  process.on('message', () => {
    const got = sys.receiveDescriptor(4);
    process.send({ fd: got.fd, port: sys.localPort(got.fd) }, () => process.exit(0));
  });
} else if (process.argv[2] === 'blocked') {
  if (process.argv[3] === 'ignore')
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
  const epoll = sys.epollCreate(0x80000);
  const events = sys.createBlock(64);
  sys.watch(epoll, 3, 1);
  process.send({ ready: true });
  for (let ends = false; !ends;) {
    const n = sys.epollWait(epoll, events.at, 1, -1);
    ends = n > 0 && (events.view.getUint32(0, true) & sys.EPOLLHUP) !== 0;
  }
  process.exit(7);
} else {
  const heard = (child) =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.once('exit', (c, s) => resolve(`exit ${c} ${s}`));
    });
  const fd = sys.openUdp(IP, 0, { reusePort: true });
  const port = sys.localPort(fd);
  const start = (mode, more = [], args = []) =>
    spawn(process.execPath, [me, mode, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...more] });
  console.log('ours', port, '| stdio number:', await heard(start('stdio', [fd])));
  const socket = dgram.createSocket('udp4');
  await new Promise((resolve) => socket.bind({ fd }, resolve));
  const sender = start('send');
  sender.send({}, socket);
  console.log('child.send(dgram.Socket):', await heard(sender));
  const pair = sys.createOwnedBlock(8);
  sys.socketpair(1, sys.SOCK_SEQPACKET_CLOEXEC, 0, pair.at);
  const rights = start('rights', [pair.view.getInt32(4, true)]);
  sys.sendDescriptor(pair.view.getInt32(0, true), 1, fd);
  rights.send({});
  console.log('SCM_RIGHTS:', await heard(rights));
  const began = performance.now();
  for (let i = 0; i < 5000; i += 1) {
    sys.sendDescriptor(pair.view.getInt32(0, true), 1, fd);
    sys.close(sys.receiveDescriptor(pair.view.getInt32(4, true)).fd);
  }
  console.log(
    `one descriptor sent, received and closed: ${(((performance.now() - began) / 5000) * 1e3).toFixed(1)} us`,
  );

  for (const mode of ['default', 'ignore']) {
    const child = start('blocked', [], [mode]);
    await heard(child);
    const gone = new Promise((resolve) => child.on('exit', (c, s) => resolve(s ?? `code ${c}`)));
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) child.kill(name);
    const first = await Promise.race([gone, pause(500).then(() => 'still there')]);
    const at = performance.now();
    if (child.connected) child.disconnect();
    console.log(
      `signals to a blocked child, ${mode}: ${first}; after disconnect: ${await gone} in ${(performance.now() - at).toFixed(0)} ms`,
    );
  }

  // Which socket of the group hears each of 200 clients, before and after a member closes and is opened again.
  const open = (n, p) => Array.from({ length: n }, () => sys.openUdp(IP, p, { reusePort: true }));
  const clients = await Promise.all(
    Array.from(
      { length: 200 },
      () =>
        new Promise((resolve) => {
          const s = dgram.createSocket('udp4');
          s.bind(0, IP, () => resolve(s));
        }),
    ),
  );
  const buffer = sys.createBlock(64);
  const at = port + 1 > 65535 ? 40000 : port + 1;
  const who = async (group) => {
    await Promise.all(
      clients.map((c, i) => new Promise((resolve) => c.send(Buffer.from([i]), at, IP, resolve))),
    );
    await pause(50);
    const owner = Array.from({ length: 200 }, () => -1);
    for (const [slot, member] of group.entries()) {
      if (member === -1) continue;
      while (sys.readOne(member, buffer)) owner[buffer.bytes[0]] = slot;
    }
    return owner;
  };
  for (const n of [2, 4]) {
    const group = open(n, at);
    const before = await who(group);
    sys.close(group[0]);
    group[0] = -1;
    const during = await who(group);
    group[0] = open(1, at)[0];
    const after = await who(group);
    const share = (slot) => before.filter((owner) => owner === slot).length;
    const living = before.map((slot, i) => [slot, during[i], after[i]]).filter(([slot]) => slot !== 0);
    const moved = living.filter(([was, closed]) => was !== closed).length;
    const elsewhere = living.filter(([was, , opened]) => was !== opened).length;
    console.log(
      `group of ${n}, shares ${group.map((_, slot) => share(slot)).join(' ')}: one closed, ${moved} of ${living.length} clients ` +
        `of the living moved; opened again, ${elsewhere} are elsewhere`,
    );
    group.forEach((g) => sys.close(g));
  }
  clients.forEach((c) => c.close());
  socket.close();
}
