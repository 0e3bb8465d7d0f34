// What a page gets that loads this as a plain script, as it loaded the old one.
import { SimpleWebRTC } from './simple-webrtc.ts';

Object.assign(globalThis, { SimpleWebRTC });
