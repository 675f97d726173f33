/** Why an engine ended, in words, and what the system counts. Real processes, real files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineEnd } from '../../src/main/engine-end.ts';
import { oomKills } from '../../src/main/oom-kills.ts';

const { SIGKILL, SIGSEGV } = constants.signals;

test('memory that ran out is told from a kill, a crash and an exit', () => {
  let kills: number | null = 3;
  const end = new EngineEnd(() => kills);
  expect(end.reason(1)).toBe('its process stopped with exit code 1');
  expect(end.reason(SIGSEGV)).toBe('its process crashed (SIGSEGV)');
  expect(end.reason(128 + SIGSEGV)).toBe('its process crashed (SIGSEGV)');
  expect(end.reason(SIGKILL)).toBe('its process was killed from outside');
  kills = 4;
  expect(end.reason(SIGKILL)).toBe('memory ran out, and the system ended its process');
  expect(end.reason(128 + SIGKILL)).toContain('memory ran out');
  kills = null;
  expect(end.reason(SIGKILL)).toContain('as a system does when memory runs out');
});

test('the nearest count is taken: of the group in both forms, or of the machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-oom-'));
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const second = file(
    'memory.events',
    'low 0\nhigh 0\nmax 7\noom 2\noom_kill 2\noom_group_kill 0\n',
  );
  const first = file('memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n');
  expect(oomKills([join(folder, 'none'), second, first])).toBe(2);
  expect(oomKills([first, second])).toBe(5);
  expect(oomKills([file('stat', 'pgfault 1\noom_kill 9\n')])).toBe(9);
  expect(oomKills([file('empty', '')])).toBeNull();
  rmSync(folder, { recursive: true });
});

test.runIf(process.platform === 'linux')(
  'this system counts, and a kill is not counted as memory',
  async () => {
    const before = oomKills();
    expect(before).toBeGreaterThanOrEqual(0);
    const child = spawn('sleep', ['60']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(oomKills()).toBe(before);
  },
);
