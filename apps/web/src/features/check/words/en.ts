/**
 * The words of the page that checks the connection, loaded with it. Here the names of protocols stand beside the plain
 * words: who reads them passes them on to whoever runs the server.
 */
export const checkEn = {
  heading: 'Will a call work here?',
  lead: 'This page tries everything a call needs, without anybody else. Nothing is sent anywhere but to this server.',

  'verdict.running': 'Trying the ways to the server…',
  'verdict.good': 'Yes. Calls work from here.',
  'verdict.slow': 'Calls work from here, but not at their best.',
  'verdict.slow.detail': 'Your network blocks the fast way to the server, so pictures may stutter.',
  'verdict.lossy.detail':
    'A good part of what is sent is lost on the way. A cable instead of Wi-Fi often helps.',
  'verdict.direct': 'Calls may work from here.',
  'verdict.direct.detail':
    'The server cannot pass calls on from this network. Only people whose network is open to yours will be reached.',
  'verdict.bad': 'No. Calls will not work from here.',
  'verdict.bad.detail': 'The server cannot be reached for calls. The rows below say where it ends.',
  'verdict.insecure': 'No. This page is not secure, so the browser gives it no camera and no microphone.',

  network: 'The way to the server',
  devices: 'Your devices',

  'state.waiting': 'Waiting',
  'state.running': 'Trying…',
  'state.good': 'Works',
  'state.warning': 'Works, with limits',
  'state.failed': 'Does not work',
  'state.closed': 'Closed here',
  'state.absent': 'Not offered',
  'state.unasked': 'Not tried yet',

  secure: 'Secure page',
  'secure.good': 'The page came encrypted.',

  socket: 'Connection to the server',
  'socket.protocol': 'WebSocket',
  'socket.good': 'Open after {ms} ms.',
  'socket.fallback': 'Your network blocks WebSocket. Another way is used, and the chat may lag a little.',
  'socket.fallback.fix': 'Nothing has to be done. On a company’s network, ask for WebSocket to this server.',
  'socket.failed': 'The server does not answer.',
  'socket.failed.fix':
    'Check that you are online, then try again. On a company’s network, ask whether this address is blocked.',

  mapping: 'Your address on the internet',
  'mapping.protocol': 'STUN',
  'mapping.good': 'The server sees you as {address}.',
  'mapping.same': 'The server sees you as you are: no router in between.',
  'mapping.failed': 'The server was not heard over UDP.',
  'mapping.failed.fix':
    'Direct calls will be rare; the rows below are what counts. Ask for UDP to this server if you can.',

  'relay-udp': 'Through the server, the fast way',
  'relay-udp.protocol': 'TURN over UDP',
  'relay-udp.failed': 'Your network lets no UDP through to the server.',
  'relay-udp.failed.fix':
    'Calls take one of the ways below. For better pictures try another network, or ask for UDP to this server.',
  'relay-tcp': 'Through the server, for strict networks',
  'relay-tcp.protocol': 'TURN over TCP',
  'relay-tcp.failed': 'The way for strict networks is closed.',
  'relay-tcp.failed.fix': 'If the fast way works, nothing is lost. If not, try another network.',
  'relay-tls': 'Through the server, looking like a web page',
  'relay-tls.protocol': 'TURN over TLS',
  'relay-tls.failed': 'The way that looks like a web page is closed.',
  'relay-tls.failed.fix':
    'If another way works, nothing is lost. If none does, tell whoever runs this server.',
  'relay-tls.absent': 'This server offers it only under a name with a certificate that browsers trust.',
  'relay-other': 'Through another relay',
  'relay-other.protocol': 'TURN',
  'relay-other.failed': 'Another relay that this server names does not work from here.',
  'relay-other.failed.fix':
    'If a way above works, nothing is lost. Tell whoever runs this server: the report below names the relay.',
  'relay.absent': 'This server does not offer it.',
  'relay.good': '{delay} ms there and back',
  'relay.loss': '{percent} % lost',
  'relay.rate': '{rate} Mbit/s',
  'relay.refused': 'The server answers, but refuses.',
  'relay.refused.fix': 'Wait half a minute and try again. If it stays so, tell whoever runs this server.',
  'relay.not-connected': 'The server grants the way, but nothing gets through it.',
  'relay.not-connected.fix': 'Tell whoever runs this server: the report below says what they need.',

  camera: 'Camera',
  'camera.good': 'This is how the others see you.',
  microphone: 'Microphone',
  'microphone.listening': 'Say something.',
  'microphone.good': 'You are heard.',
  'microphone.silent': 'Nothing heard yet. Is it muted, or is another microphone chosen?',
  'devices.ask': 'Try camera and microphone',
  'devices.ask.detail': 'Your browser will ask once. Nobody sees or hears you.',
  'devices.asking': 'Say yes to your browser’s question.',
  'devices.stop': 'Turn them off',
  speaker: 'Speaker',
  'speaker.detail': 'Plays three soft notes.',
  'speaker.play': 'Play the notes',
  'speaker.again': 'Once more',
  'speaker.heard': 'I hear them',
  'speaker.silent': 'I hear nothing',
  'speaker.good': 'You hear the others.',
  'speaker.bad':
    'Turn up the volume, take the sound off mute, and see which speaker or headset your system uses.',
  'speaker.blocked': 'The browser plays no sound here. Tap the page once, then try again.',

  again: 'Try all again',
  report: 'For whoever runs this server',
  'report.detail': 'No password is in it, and addresses are shortened.',
  'report.copy': 'Copy report',
  'report.copied': 'Report copied',
  'report.copyFailed': 'Select the text and copy it',
  'report.text': 'Report',
  'report.whole': 'With whole addresses',
} as const;
