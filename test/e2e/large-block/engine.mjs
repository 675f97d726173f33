/** Lets TensorFlow allocate a tensor of LARGE_BLOCK_BYTES in one block. */
import { createRequire } from 'node:module';

const tensorflow = createRequire(import.meta.url)(process.env.LORIKEET_BINDING);
const float32 = 1;
const int32 = 3;
const elements = Number(process.env.LARGE_BLOCK_BYTES) / 4;

const dims = tensorflow.createTensor([1], int32, new Int32Array([elements]));
const [block] = tensorflow.executeOp(
  'Empty',
  [
    { name: 'dtype', type: tensorflow.TF_ATTR_TYPE, value: float32 },
    { name: 'init', type: tensorflow.TF_ATTR_BOOL, value: false },
  ],
  [dims],
  1,
);
const [shape] = block.shape;
tensorflow.deleteTensor(block.id);
process.parentPort.postMessage({ elements: shape });
