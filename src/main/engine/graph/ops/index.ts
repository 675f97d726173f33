/** All operations, under one name. */
export * from './arrange.ts';
export * from './bits.ts';
export * from './cast.ts';
export * from './constant.ts';
export * from './decompose.ts';
export * from './elementwise.ts';
export * from './gather.ts';
export * from './matmul.ts';
export * from './order.ts';
export * from './reduce.ts';
export * from './runs.ts';
