/** The first two lines are as oneDNN 3.7 wrote them in a step of SmolLM2, the others in the form of its documentation. */
import { expect, test } from 'vitest';
import { operationsOf, parseOnednnLine } from '../../../bench/profile/onednn-line.ts';

test('a product through the interface of BLAS', () => {
  const line =
    'onednn_verbose,v1,primitive,exec,cpu,gemm_api,,undef,src_f32::blocked:ab:f0 wei_f32::blocked:ba:f0 dst_f32::blocked:ab:f0,,,1024x576:576x960,16.9719';
  const call = parseOnednnLine(line);
  expect(call?.primitive).toBe('gemm_api');
  expect(call?.product).toEqual({ batch: 1, m: 1024, k: 576, n: 960 });
  expect(call?.seconds).toBeCloseTo(0.0169719, 9);
});

test('a product of the heads of attention: all leading sides are the batch', () => {
  const line =
    'onednn_verbose,v1,primitive,exec,cpu,matmul,gemm:jit:f32,undef,src:f32::blocked:abcd::f0 wei:f32::blocked:abdc::f0 dst:f32::blocked:abcd::f0,attr-scratchpad:user,,4x3x384x64:4x3x64x128,1.70581';
  const product = parseOnednnLine(line)?.product;
  expect(product).toEqual({ batch: 12, m: 384, k: 64, n: 128 });
  expect(product && operationsOf(product)).toBe(2 * 12 * 384 * 64 * 128);
});

test('a dense layer with its bias', () => {
  const line =
    'onednn_verbose,v1,primitive,exec,cpu,inner_product,gemm:jit,forward_inference,src:f32::blocked:ab::f0 wei:f32:a:blocked:ab::f0 bia:f32:a:blocked:a::f0 dst:f32::blocked:ab::f0,attr-scratchpad:user,,mb32ic64oc16,0.0129395';
  expect(parseOnednnLine(line)?.product).toEqual({ batch: 1, m: 32, k: 64, n: 16 });
});

test('what is no product, and what is no execution', () => {
  const reorder =
    'onednn_verbose,v1,primitive,exec,cpu,reorder,jit:uni,undef,src:f32::blocked:ab::f0 dst:f32::blocked:ba::f0,attr-scratchpad:user,,576x960,0.5';
  expect(parseOnednnLine(reorder)).toEqual({
    primitive: 'reorder',
    product: null,
    seconds: 0.0005,
  });
  expect(parseOnednnLine('onednn_verbose,v1,info,cpu,isa:Intel AVX2')).toBeNull();
});

test('a form of a later oneDNN is refused, not counted wrongly', () => {
  const line = 'onednn_verbose,v2,primitive,exec,cpu,matmul,brg,undef,,,1024x576:576x960,1.5';
  expect(() => parseOnednnLine(line)).toThrow('in a form that is not known here');
});
