/**
 * Runs in every page before its own scripts: notes when Join is pressed, when the first frame of somebody else is decoded, and
 * what happens on the way. It looks at what arrives behind the page's back, in the same way whoever made the page. Sent to
 * browsers as text, so it uses nothing from around it.
 */
export function installClock() {
  const clock = { pressedAt: null, decodedAt: null, shownAt: null, marks: [], longTasks: [] };
  globalThis.firstFrameClock = clock;
  let settle;
  // Whoever waits waits for this: to ask again and again in each animation frame, as a driver does, makes the page draw.
  globalThis.firstFrame = new Promise((resolve) => {
    settle = resolve;
  });
  const mark = (name) => clock.marks.push([name, performance.timeOrigin + performance.now()]);

  document.addEventListener(
    'click',
    (event) => {
      if (clock.pressedAt === null && event.target.closest('button')?.textContent.trim() === 'Join')
        clock.pressedAt = performance.timeOrigin + event.timeStamp;
    },
    true,
  );

  async function watch(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    const { value } = await reader.read();
    if (clock.decodedAt === null) {
      clock.decodedAt = performance.timeOrigin + performance.now();
      clock.size = `${value?.displayWidth}x${value?.displayHeight}`;
      settle();
    }
    value?.close();
    await reader.cancel();
  }

  function follow(connection) {
    connection.addEventListener('track', ({ track }) => {
      mark(`track ${track.kind}`);
      if (track.kind === 'video') void watch(track);
    });
    for (const name of ['connectionState', 'iceConnectionState', 'signalingState']) {
      connection.addEventListener(name.toLowerCase() + 'change', () => mark(`${name} ${connection[name]}`));
    }
    connection.addEventListener('negotiationneeded', () => mark('negotiationneeded'));
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null) mark(`candidate ${candidate.type} ${candidate.protocol}`);
    });
  }

  const Connection = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Connection {
    constructor(...parameters) {
      mark('connection made');
      super(...parameters);
      follow(this);
    }
  };
  // The name by which old pages know it.
  globalThis.webkitRTCPeerConnection = globalThis.RTCPeerConnection;
  for (const name of ['createOffer', 'createAnswer', 'setLocalDescription', 'setRemoteDescription']) {
    const original = Connection.prototype[name];
    Connection.prototype[name] = function (...parameters) {
      const kind = parameters[0]?.type ?? '';
      mark(`${name} ${kind} begins`);
      const result = Reflect.apply(original, this, parameters);
      void result?.then?.(
        () => mark(`${name} ${kind} ends`),
        () => mark(`${name} ${kind} failed`),
      );
      return result;
    };
  }
  const Socket = globalThis.WebSocket;
  const textOf = (data) => (typeof data === 'string' ? data.slice(0, 60) : 'octets');
  globalThis.WebSocket = class extends Socket {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener('message', ({ data }) => mark(`hears ${textOf(data)}`));
    }

    send(data) {
      mark(`sends ${textOf(data)}`);
      super.send(data);
    }
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration, scripts } of list.getEntries()) {
      const ours = scripts.map(({ duration: ms, invoker, sourceFunctionName }) => [
        Math.round(ms),
        invoker,
        sourceFunctionName,
      ]);
      clock.longTasks.push([performance.timeOrigin + startTime, Math.round(duration), ours]);
    }
  }).observe({ type: 'long-animation-frame', buffered: true });
}
