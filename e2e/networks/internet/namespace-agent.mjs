// Runs in a network namespace and makes sockets there for the process that started it: a socket belongs to the
// namespace that it was made in, whoever holds it.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

process.on('disconnect', () => process.exit());

process.on('message', (request) => {
  const answer = (failure, socket) => {
    process.send({ id: request.id, failure }, socket, () => {
      // The other end has it now.
      if (socket !== undefined && 'close' in socket) socket.close();
    });
  };
  if (request.kind === 'udp') {
    const socket = createSocket(request.address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => answer(error.message));
    socket.bind(request.port, request.address, () => answer(undefined, socket));
  } else {
    const socket = connect({ host: request.address, port: request.port });
    // What comes in is for whoever gets the socket.
    socket.pause();
    socket.setNoDelay();
    socket.once('error', (error) => answer(error.message));
    socket.once('connect', () => answer(undefined, socket));
  }
});

process.send({ id: 0 });
