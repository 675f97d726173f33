/** Which instruction sets a processor can be held to, from what Linux says of it. */
import { expect, it } from 'vitest';
import { hasBfloat16, heldTo, instructionSets } from '../../../scripts/checks/instruction-sets.ts';

const namesOf = (flags: string) =>
  instructionSets(`model name\t: X\nflags\t\t: ${flags}\nbugs\t\t:\n`).map(({ name }) => name);

it('are those that the processor has', () => {
  const zen3 = 'fpu sse4_1 sse4_2 avx avx2 fma';
  expect(namesOf(zen3)).toEqual(['SSE4', 'AVX', 'AVX2']);
  const xeon = `${zen3} avx512f avx512bw avx512_vnni avx512_bf16 amx_bf16 amx_tile`;
  expect(namesOf(xeon)).toEqual([
    ...['SSE4', 'AVX', 'AVX2', 'AVX512', 'AVX512-VNNI', 'AVX512-BF16', 'AMX'],
  ]);
  expect(instructionSets('')).toEqual([]);
});

it('limits oneDNN and XLA, which keeps the flags that it has', () => {
  const [, , avx2] = instructionSets('flags : sse4_1 avx avx2');
  expect(avx2 && heldTo(avx2, '--xla_a=1')).toEqual({
    ONEDNN_MAX_CPU_ISA: 'AVX2',
    XLA_FLAGS: '--xla_a=1 --xla_cpu_max_isa=AVX2',
  });
});

it('computes no bfloat16 where TensorFlow would ask oneDNN for more than it is held to', () => {
  const without = (cpuInfo: string) =>
    instructionSets(cpuInfo)
      .filter((each) => !hasBfloat16(each, cpuInfo))
      .map(({ name }) => name);
  expect(without('flags : sse4_1 avx avx2')).toEqual([]);
  expect(without('flags : sse4_1 avx avx2 avx512f avx512bw')).toEqual(['SSE4', 'AVX', 'AVX2']);
});
