/** Presses keys as a keyboard does, by the X server's own test extension: what DevTools' protocol sends never reaches menus. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Numbers of keys on Linux. */
const keyCodes = { Control: 37, Shift: 50, I: 31 } as const;
type Key = keyof typeof keyCodes;

const [press, release, pressButton, releaseButton, motion] = [2, 3, 4, 5, 6] as const;

/** Holds the keys down together, in this order, over the window at the middle of the screen, which is clicked on first. */
export async function pressTogether(
  keys: readonly Key[],
  at: { x: number; y: number },
): Promise<void> {
  const display = /^:(\d+)/.exec(process.env['DISPLAY'] ?? '')?.[1] ?? '0';
  const socket = connect(`/tmp/.X11-unix/X${display}`);
  try {
    await once(socket, 'connect');
    // Little endian, version 11.0, no authorisation.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const hello = await bytes(socket, 8);
    if (hello[0] !== 1) throw new Error('the X server does not let this in');
    await bytes(socket, hello.readUInt16LE(6) * 4);
    const opcode = await testExtension(socket);
    const send = (type: number, detail: number) => {
      socket.write(fakeInput(opcode, type, detail, at));
    };
    send(motion, 0);
    // Without a window manager nobody has the keyboard: the window below the pointer gets it.
    socket.write(Buffer.from([42, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0]));
    send(pressButton, 1);
    send(releaseButton, 1);
    const codes = keys.map((key) => keyCodes[key]);
    for (const code of codes) send(press, code);
    for (const code of codes.toReversed()) send(release, code);
    // An answer comes when everything before was done.
    await testExtension(socket);
  } finally {
    socket.destroy();
  }
}

/** The number under which XTEST is asked. */
async function testExtension(socket: Socket): Promise<number> {
  const name = 'XTEST';
  const request = Buffer.alloc(16);
  request.writeUInt8(98, 0);
  request.writeUInt16LE(4, 2);
  request.writeUInt16LE(name.length, 4);
  request.write(name, 8, 'latin1');
  socket.write(request);
  let reply = await bytes(socket, 32);
  // Of other kinds are events: that the keyboard is another now.
  while (reply.readUInt8(0) > 1) reply = await bytes(socket, 32);
  if (reply[0] !== 1 || reply[8] !== 1) throw new Error('the X server has no XTEST');
  return reply[9] ?? 0;
}

/** XTestFakeInput, on the root window of the screen. */
function fakeInput(
  opcode: number,
  type: number,
  detail: number,
  { x, y }: { x: number; y: number },
) {
  const request = Buffer.alloc(36);
  request.set([opcode, 2, 9, 0, type, detail]);
  request.writeInt16LE(x, 24);
  request.writeInt16LE(y, 26);
  return request;
}

async function bytes(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const read: unknown = socket.read(count);
    if (read instanceof Buffer) return read;
    await once(socket, 'readable');
  }
}
