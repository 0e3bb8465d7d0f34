/** A script that makes the browser's own screens small and slow, for tests that are not about encoding large ones. */
export const smallScreens = `{
  const devices = navigator.mediaDevices;
  const share = devices.getDisplayMedia.bind(devices);
  devices.getDisplayMedia = async (options) => {
    const stream = await share(options);
    await stream.getVideoTracks()[0].applyConstraints({ width: 640, height: 360, frameRate: 5 });
    return stream;
  };
}`;
