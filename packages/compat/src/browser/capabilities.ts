/** What this browser can do, by the names that old pages look at. */
export interface Capabilities {
  readonly support: boolean;
  readonly supportRTCPeerConnection: boolean;
  readonly supportVp8: boolean;
  readonly supportGetUserMedia: boolean;
  readonly supportDataChannel: boolean;
  readonly supportWebAudio: boolean;
  readonly supportMediaStream: boolean;
  readonly supportScreenSharing: boolean;
  readonly dataChannel: boolean;
  readonly webAudio: boolean;
  readonly mediaStream: boolean;
  readonly screenSharing: boolean;
  readonly prefix: 'webkit' | 'moz';
}

export function readCapabilities(canShareScreen: boolean): Capabilities {
  const calls = 'RTCPeerConnection' in globalThis;
  const sound = 'AudioContext' in globalThis;
  const devices = 'mediaDevices' in navigator;
  return {
    support: calls,
    supportRTCPeerConnection: calls,
    supportVp8: calls,
    supportGetUserMedia: devices,
    supportDataChannel: calls,
    supportWebAudio: sound,
    supportMediaStream: calls,
    supportScreenSharing: canShareScreen,
    dataChannel: calls,
    webAudio: sound,
    mediaStream: calls,
    screenSharing: canShareScreen,
    prefix: navigator.userAgent.includes('Gecko/') ? 'moz' : 'webkit',
  };
}
