/** A program as TensorFlow's protocol buffers. Functions with the same body become one. */
import { dtypeCode } from './dtype.ts';
import { calledFunction, type GraphFunction } from './function.ts';
import { GraphError, type Attribute, type ConstantValue, type Node, type Tensor } from './node.ts';
import type { Program } from './program.ts';
import type { Shape } from './shape.ts';
import {
  savedModelType,
  type AttrValue,
  type FunctionDef,
  type NodeDef,
} from './tensorflow-schema.ts';

/** The bytes of a `saved_model.pb` that holds the program under the tag 'serve'. */
export function encodeProgram(program: Program): Uint8Array {
  const library = new Library();
  const node = program.scope.nodes.map((each) => encodeNode(each, mainReference, library));
  const message = {
    saved_model_schema_version: 1,
    meta_graphs: [
      {
        meta_info_def: { tags: ['serve'], tensorflow_version: '2.21.0' },
        graph_def: { node, versions: { producer: 1087 }, library: { function: library.functions } },
      },
    ],
  };
  return savedModelType.encode(savedModelType.fromObject(message)).finish();
}

/** How a tensor is named when it is fed to or fetched from the main graph. */
export function mainReference(tensor: Tensor): string {
  return `${tensor.node.name}:${tensor.index}`;
}

/** Inside a function an output is named by its argument name in the operation's definition. */
function functionReference(tensor: Tensor): string {
  const { node, index } = tensor;
  if (node.op === 'Argument') return node.name;
  const several = severalOutputs.get(node.op)?.[index];
  if (several !== undefined) return `${node.name}:${several}:0`;
  return `${node.name}:${outputNames.get(node.op) ?? 'output'}:${index}`;
}

function named(name: string, operations: string): [string, string][] {
  return operations.split(' ').map((op) => [op, name]);
}

/** Operations with outputs of different names. */
const severalOutputs: ReadonlyMap<string, readonly string[]> = new Map([
  ['TopKV2', ['values', 'indices']],
]);

/** Operations whose output is not called 'output'. */
const outputNames: ReadonlyMap<string, string> = new Map([
  ...named(
    'z',
    'AddV2 Sub Mul RealDiv Maximum Minimum Pow Equal Less GreaterEqual LogicalAnd LogicalOr BitwiseAnd RightShift',
  ),
  ...named('y', 'Neg Exp Log Sqrt Rsqrt Sigmoid Tanh Erf Cos Sin Cast Transpose ZerosLike'),
  ['MatMul', 'product'],
  ['Softmax', 'softmax'],
]);

class Library {
  readonly functions: FunctionDef[] = [];
  private readonly byFunction = new Map<GraphFunction, string>();
  private readonly byBody = new Map<string, string>();

  nameOf(fn: GraphFunction): string {
    const known = this.byFunction.get(fn);
    if (known) return known;
    const body = encodeFunction(fn, this);
    const key = JSON.stringify(body);
    const same = this.byBody.get(key);
    const name = same ?? `${fn.name}_f${this.functions.length}`;
    if (!same) {
      this.functions.push({ ...body, signature: { ...body.signature, name } });
      this.byBody.set(key, name);
    }
    this.byFunction.set(fn, name);
    return name;
  }
}

const compiledByXla = { _XlaMustCompile: { b: true } };

/**
 * The graph optimiser leaves a function as it is written where that is first called, as it leaves the main graph
 * (runtime/native/session_options.cc): ConfigProto.graph_options.rewrite_options.disable_meta_optimizer, fields 10, 10 and 19
 * (tensorflow/core/protobuf/{config,rewriter_config}.proto).
 */
const withoutOptimizer = Buffer.from([0x52, 5, 0x52, 3, 0x98, 1, 1]).toString('base64');

function encodeFunction(fn: GraphFunction, library: Library): FunctionDef {
  const nodes = fn.scope.nodes.filter((node) => node.op !== 'Argument');
  const argument = (tensor: Tensor) => ({ name: tensor.node.name, type: dtypeCode[tensor.dtype] });
  return {
    signature: {
      name: '',
      input_arg: fn.parameters.map(argument),
      output_arg: fn.results.map(({ dtype }, i) => ({ name: `r${i}`, type: dtypeCode[dtype] })),
      is_stateful: nodes.some((node) => calledFunction(node) !== null),
    },
    // Without _noinline TensorFlow may merge the body into each caller.
    attr: { _noinline: { b: true }, ...(fn.compiled ? compiledByXla : {}) },
    node_def: nodes.map((node) => encodeNode(node, functionReference, library)),
    ret: Object.fromEntries(fn.results.map((result, i) => [`r${i}`, functionReference(result)])),
  };
}

function encodeNode(node: Node, reference: (tensor: Tensor) => string, library: Library): NodeDef {
  const attr: Record<string, AttrValue> = {};
  for (const [name, value] of Object.entries(node.attributes)) {
    attr[name] = encodeAttribute(value, library);
  }
  const fn = calledFunction(node);
  if (fn) {
    Object.assign(attr, {
      ...{ config: { s: '' }, config_proto: { s: withoutOptimizer }, executor_type: { s: '' } },
      ...(fn.compiled ? compiledByXla : {}),
    });
  }
  return {
    name: node.name,
    op: node.op,
    input: [...node.inputs.map(reference), ...node.after.map((each) => `^${each.name}`)],
    attr,
  };
}

function encodeAttribute(attribute: Attribute, library: Library): AttrValue {
  switch (attribute.kind) {
    case 'type':
      return { type: dtypeCode[attribute.value] };
    case 'types':
      return { list: { type: attribute.value.map((dtype) => dtypeCode[dtype]) } };
    case 'shape':
      return { shape: encodeShape(attribute.value) };
    case 'bool':
      return { b: attribute.value };
    case 'int':
      return { i: attribute.value };
    case 'ints':
      return { list: { i: attribute.value } };
    case 'string':
      return { s: Buffer.from(attribute.value).toString('base64') };
    case 'tensor':
      return { tensor: encodeConstant(attribute.value) };
    case 'function':
      return { func: { name: library.nameOf(attribute.value) } };
  }
}

function encodeShape(shape: Shape) {
  return { dim: shape.map((size) => ({ size })) };
}

function encodeConstant({ dtype, shape, values }: ConstantValue): AttrValue {
  const array = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
  if (array.length !== shape.reduce((a, b) => a * b, 1)) {
    throw new GraphError(`${values.length} values do not fill [${shape.join(', ')}]`);
  }
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return {
    dtype: dtypeCode[dtype],
    tensor_shape: encodeShape(shape),
    tensor_content: bytes.toString('base64'),
  };
}
