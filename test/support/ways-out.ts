/** Every way to the network that a page has, tried towards servers of this machine that stand for others. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Page } from 'playwright-core';

/** An address of this machine as others see it; undefined where it has none. */
export const ownAddress = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/** Long enough for a packet of WebRTC, which begins at once and repeats within half a second. */
const patienceMs = 3000;

/** What reached the servers while the page tried; `control` is the one contact that the test itself makes. */
export async function contactsOf(page: Page, address: string): Promise<string[]> {
  const contacts: string[] = [];
  const tcp = createServer((socket) => {
    socket.once('data', (data) => contacts.push(`tcp ${data.toString('latin1').slice(0, 40)}`));
    socket.on('error', () => undefined);
    contacts.push('tcp');
    socket.on('close', () => undefined);
  });
  const udp = createSocket('udp4', (data) =>
    contacts.push(`udp ${data.toString('hex').slice(0, 40)}`),
  );
  tcp.listen(0, address);
  await once(tcp, 'listening');
  const bound = tcp.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : NaN;
  udp.bind(port, address);
  await once(udp, 'listening');
  try {
    await page.evaluate(tryAll, `${address}:${port}`);
    await page.waitForTimeout(patienceMs);
    const reached = [...contacts];
    contacts.length = 0;
    const control = connect(port, address).end('control');
    await once(control, 'close');
    if (contacts.length === 0) throw new Error('the servers hear nothing');
    return reached;
  } finally {
    tcp.close();
    udp.close();
  }
}

/** Runs in the page. What is refused at once or later is no matter here. */
function tryAll(host: string): void {
  const http = `http://${host}`;
  const attempt = (work: () => unknown) => {
    void Promise.resolve()
      .then(work)
      .catch(() => undefined);
  };
  const put = (tag: string, attributes: Record<string, string>) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
  };
  attempt(() => fetch(`${http}/fetch`, { mode: 'no-cors' }));
  attempt(() => navigator.sendBeacon(`${http}/beacon`, 'x'));
  attempt(() => new WebSocket(`ws://${host}/socket`));
  attempt(() => new EventSource(`${http}/events`));
  attempt(() => new Worker(`${http}/worker.js`));
  attempt(() => new WebTransport(`https://${host}/transport`).ready);
  attempt(() => import(`${http}/module.js`));
  attempt(() => window.open(`${http}/window`));
  for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'prerender', 'stylesheet', 'icon'])
    put('link', { rel, href: `${http}/${rel}` });
  put('link', { rel: 'modulepreload', href: `${http}/modulepreload` });
  put('link', { rel: 'preload', as: 'image', href: `${http}/preload` });
  put('img', { src: `${http}/img` });
  put('video', { src: `${http}/video`, autoplay: '' });
  put('iframe', { src: `${http}/frame` });
  put('object', { data: `${http}/object` });
  put('embed', { src: `${http}/embed` });
  put('script', { src: `${http}/script.js` });
  put('a', { href: '#', ping: `${http}/ping`, id: 'pinging' });
  attempt(() => document.getElementById('pinging')?.click());
  attempt(async () => {
    const urls = [`stun:${host}`, `turn:${host}?transport=udp`, `turn:${host}?transport=tcp`];
    const peer = new RTCPeerConnection({ iceServers: [{ urls, username: 'x', credential: 'x' }] });
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
    const [name = '', port = ''] = host.split(':');
    const candidate = `candidate:1 1 udp 2130706431 ${name} ${port} typ host`;
    const other = new RTCPeerConnection();
    await other.setRemoteDescription(peer.localDescription ?? { type: 'offer', sdp: '' });
    await peer.setRemoteDescription(await other.createAnswer());
    await peer.addIceCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0 });
  });
}
