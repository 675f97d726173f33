/** The processor of this machine. */
import { readFileSync } from 'node:fs';

/** The processor's name and whether it multiplies bfloat16 natively (AVX-512 BF16 or AMX). */
export function processor(): { name: string; nativeBfloat16: boolean } {
  let info = '';
  try {
    info = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux: the name and the instructions stay unknown, and float32 is used.
  }
  const name = /^model name\s*:\s*(.+)$/m.exec(info)?.[1] ?? 'CPU';
  return { name, nativeBfloat16: /\b(avx512_bf16|amx_bf16)\b/.test(info) };
}
