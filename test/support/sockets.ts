/** Watches a process and all that it starts, by Linux's /proc: which of its sockets are, or could be, about another machine. */
import { readdirSync, readlinkSync } from 'node:fs';
import { commandOf, orElse, readOf, withDescendants } from './process-tree.ts';

type OpenSocket = {
  /** Its command line. */
  process: string;
  protocol: string;
  /** 'address:port'; the address in hexadecimal digits as the kernel prints it. */
  local: string;
  remote: string;
};

export type Watched = {
  /** What is neither of this machine alone nor of Unix; each once. */
  outside: OpenSocket[];
  /** Command lines of all processes that were seen. */
  processes: string[];
  /** How often was looked. */
  looks: number;
};

const protocols = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'];
/** State of a TCP socket that waits for others to connect. */
const listening = '0A';
const connected = '01';
/** 127.x.x.x, ::1 and ::ffff:127.x.x.x: bytes are turned round within words of 32 bits. */
const loopback = /^(?:.{6}7F|0{24}01000000|0{16}FFFF0000.{6}7F):/;
const nowhere = /^0+:/;

/** By inode. */
type Table = {
  /** Sockets that are, or could be, about other machines. */
  outside: Map<string, Omit<OpenSocket, 'process'>>;
  /** Those that stay with this machine as long as they are open. */
  staying: Set<string>;
};

/** Looks every `everyMs` milliseconds until the returned function is called. */
export function watchSockets(root: number, everyMs = 50): () => Watched {
  const seen = new Map<number, string>([[root, commandOf(root)]]);
  const outside = new Map<string, OpenSocket>();
  // The tables are long to read: they are read where a process has a socket that they have not settled.
  const settled = new Set<string>();
  let looks = 0;
  const look = () => {
    looks += 1;
    const tables = new Map<string, Table>();
    // One whose parent has ended stays, once it was seen.
    for (const pid of withDescendants(seen.keys())) {
      const process = commandOf(pid);
      if (process !== '') seen.set(pid, process);
      const open = inodesOf(pid).filter((inode) => !settled.has(inode));
      if (open.length === 0) continue;
      const network = orElse(() => readlinkSync(`/proc/${pid}/ns/net`), '');
      // Most share one, whose tables are long.
      const table = tables.get(network) ?? tableOf(pid);
      tables.set(network, table);
      for (const inode of open) {
        const socket = table.outside.get(inode);
        if (socket) outside.set(`${pid} ${inode}`, { process, ...socket });
        else if (table.staying.has(inode)) settled.add(inode);
      }
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    look();
    return { outside: [...outside.values()], processes: [...seen.values()], looks };
  };
}

/** Inodes of the TCP sockets on which a process can be reached, by this machine alone or by others. */
export function listeningSockets(pid: number): string[] {
  const own = inodesOf(pid);
  return ['tcp', 'tcp6']
    .flatMap((protocol) => rowsOf(pid, protocol))
    .filter(({ state, inode }) => state === listening && own.includes(inode))
    .map(({ inode }) => inode);
}

/** Inodes of the sockets that a process holds. */
function inodesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return orElse(() => readdirSync(folder), []).flatMap((descriptor) => {
    const link = orElse(() => readlinkSync(`${folder}/${descriptor}`), '');
    return /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [];
  });
}

/** Sockets of the process's network. */
function tableOf(pid: number): Table {
  const outside: Table['outside'] = new Map();
  const staying = new Set([...inodeColumn(pid, 'unix', 6), ...inodeColumn(pid, 'netlink', 9)]);
  for (const protocol of protocols) {
    for (const { local, remote, state, inode } of rowsOf(pid, protocol)) {
      // One that is connected to nobody is judged by where it can be reached.
      const judged = state === listening || nowhere.test(remote) ? local : remote;
      const isTcp = protocol.startsWith('tcp');
      if (!loopback.test(judged)) outside.set(inode, { protocol, local, remote });
      // Others may yet be connected elsewhere.
      else if (isTcp && (state === listening || state === connected)) staying.add(inode);
    }
  }
  return { outside, staying };
}

/** What stands in a column of a table that is about this machine alone. */
function inodeColumn(pid: number, table: string, column: number): string[] {
  const lines = readOf(pid, `net/${table}`).split('\n').slice(1);
  return lines.flatMap((line) => line.trim().split(/\s+/)[column] ?? []);
}

/** A table of /proc/PID/net. */
function rowsOf(pid: number, protocol: string) {
  const lines = readOf(pid, `net/${protocol}`).split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
    const whole = local !== undefined && remote !== undefined && state !== undefined;
    return whole && inode !== undefined ? { local, remote, state, inode } : [];
  });
}
