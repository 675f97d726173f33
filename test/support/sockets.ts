/** Watches a process and all that it starts, by Linux's /proc: which of its sockets are, or could be, about another machine. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type OpenSocket = {
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
/** 127.x.x.x, ::1 and ::ffff:127.x.x.x: bytes are turned round within words of 32 bits. */
const loopback = /^(?:.{6}7F|0{24}01000000|0{16}FFFF0000.{6}7F):/;
const nowhere = /^0+:/;

/** Looks every `everyMs` milliseconds until the returned function is called. */
export function watchSockets(root: number, everyMs = 50): () => Watched {
  const seen = new Map<number, string>([[root, commandOf(root)]]);
  const outside = new Map<string, OpenSocket>();
  let looks = 0;
  const look = () => {
    looks += 1;
    for (const pid of withDescendants(seen)) {
      const process = commandOf(pid);
      if (process !== '') seen.set(pid, process);
      const tables = tablesOf(pid);
      for (const inode of inodesOf(pid)) {
        const socket = tables.get(inode);
        if (socket) outside.set(`${pid} ${inode}`, { process, ...socket });
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

/** The processes seen before, with what they have started; one whose parent has ended stays. */
function withDescendants(seen: ReadonlyMap<number, string>): Set<number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // 'pid (name) state parent …', and the name may hold anything.
    const stat = read(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const all = new Set(seen.keys());
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const [pid, parent] of parents) if (all.has(parent)) all.add(pid);
  }
  return all;
}

/** Inodes of the sockets that a process holds. */
function inodesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return given(() => readdirSync(folder), []).flatMap((descriptor) => {
    const link = given(() => readlinkSync(`${folder}/${descriptor}`), '');
    return /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [];
  });
}

/** Sockets of the process's network that are about other machines, by inode. */
function tablesOf(pid: number): Map<string, Omit<OpenSocket, 'process'>> {
  const found = new Map<string, Omit<OpenSocket, 'process'>>();
  for (const protocol of protocols) {
    for (const line of read(`/proc/${pid}/net/${protocol}`).split('\n').slice(1)) {
      const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
      // One that is connected to nobody is judged by where it can be reached.
      const judged = state === listening || nowhere.test(remote) ? local : remote;
      if (inode !== '' && !loopback.test(judged)) found.set(inode, { protocol, local, remote });
    }
  }
  return found;
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function read(path: string): string {
  return given(() => readFileSync(path, 'utf8'), '');
}

/** What is asked of a process may come after its end. */
function given<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}
