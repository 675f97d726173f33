/** A limit of address space that the engine itself does not fit into is told before it starts. */
import { expect, test } from 'vitest';
import { addressSpaceLeft } from '../../../../src/main/engine/limits/process-limits.ts';
import { checkAddressSpace } from '../../../../src/main/engine/runtime/address-space.ts';
import { kernelTree } from '../limits/kernel-tree.ts';

const under = (limit: string) =>
  addressSpaceLeft(
    kernelTree({
      'proc/self/limits': `Max data size             4096                 unlimited            bytes     \nMax address space         ${limit}           unlimited            bytes     \n`,
      'proc/self/status': 'VmSize:\t 1000000 kB\nVmData:\t   10 kB\n',
    }),
  );

test('what is left is said with the number that is needed', () => {
  const left = under('2048000000');
  expect(left).toBe(1_024_000_000);
  const refused = () => {
    checkAddressSpace(left);
  };
  expect(refused).toThrow(/leaves 977 MiB to this process.*about 1\.86 GiB before/);
});

test('without that limit, or with room below it, nothing is refused', () => {
  for (const left of [under('unlimited'), under('9000000000')]) {
    expect(() => {
      checkAddressSpace(left);
    }).not.toThrow();
  }
});
