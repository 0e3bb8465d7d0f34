// One-way and round-trip time of a control message to a worker blocked in epoll_wait(-1).
import { pause, startLoad, startServer } from './harness.mjs';

const at = (list, share) => list.sort((a, b) => a - b)[Math.floor(list.length * share)].toFixed(0);
for (const [kind, messages] of [
  ['threads', 'port'],
  ['threads', 'turn'],
  ['processes', 'turn'],
  ['processes', 'turn'],
  ['threads', 'turn'],
  ['threads', 'port'],
]) {
  for (const loaded of [false, true]) {
    const server = await startServer({ kind, messages });
    const load = loaded ? await startLoad({ seconds: 3 }) : undefined;
    await pause(300);
    const all = await server.ask('ping', { slot: 0, times: 400, everyMs: 4 });
    await load?.result;
    const [oneWay, round] = [0, 1].map((i) => all.slice(50).map((pair) => pair[i]));
    console.log(
      `${kind}/${messages} ${loaded ? 'load' : 'idle'}: one way p50 ${at(oneWay, 0.5)} p99 ${at(oneWay, 0.99)} us, round trip p50 ${at(round, 0.5)} p99 ${at(round, 0.99)} us`,
    );
    await server.end();
  }
}
