/** Nothing leaves this machine, also not by accident: the ways of Chromium and of the page to the network are closed, each by itself. */
import { app, type Session, type WebContents } from 'electron';

/**
 * To be called before Electron is ready: what Chromium would do in the background, and its look-up of names and addresses. What
 * is left is one question to the kernel, whether there is a route for IPv6: a UDP socket that is connected and sends nothing.
 */
export function closeBackground(): void {
  const { commandLine } = app;
  // Prefetching a name is a request by itself, which no filter of requests sees.
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'no-pings',
  ])
    commandLine.appendSwitch(name);
}

/** Refuses every request that does not go to the page's own files. */
export function refuseRequests({ webRequest }: Session): void {
  const own = app.isPackaged ? /^(app|blob|data):/ : /^(app|devtools|blob|data):/;
  webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !own.test(url) });
  });
}

/** WebRTC asks neither the page's policy nor the filter of requests. */
export function closeWebRtc(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
