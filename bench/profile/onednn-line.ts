/** A line of oneDNN's own profile (ONEDNN_VERBOSE=profile_exec): which product it was, and how long it took. */

/** What oneDNN says of each primitive begins so. */
export const onednnMark = 'onednn_verbose,';

/** A matrix product [m, k] · [k, n], `batch` of them at once. */
export type ProductShape = { batch: number; m: number; k: number; n: number };

export type OnednnCall = {
  /** 'matmul', 'gemm_api', 'inner_product', 'reorder' … */
  primitive: string;
  /** Null where it is no product of matrices. */
  product: ProductShape | null;
  seconds: number;
};

/** What stands behind 'exec' in a line of oneDNN 3: engine, primitive, implementation, kind, tensors, attributes, other, problem, ms. */
const fieldsAfterExec = 9;

/** Null for lines that tell no execution, such as oneDNN's version. Throws where the line has another form than oneDNN 3's. */
export function parseOnednnLine(line: string): OnednnCall | null {
  const fields = line.trimEnd().split(',');
  const exec = fields.indexOf('exec');
  if (exec < 0) return null;
  const rest = fields.slice(exec + 1);
  const [primitive = '', problem = '', time = ''] = [rest[1], rest[7], rest[8]];
  if (rest.length !== fieldsAfterExec || !Number.isFinite(Number(time))) {
    throw new RangeError(`oneDNN writes its profile in a form that is not known here: ${line}`);
  }
  return { primitive, product: shapeOf(problem), seconds: Number(time) / 1e3 };
}

/** '4x3x384x64:4x3x64x128' of products, 'mb1024ic576oc960' of oneDNN's dense layers. */
function shapeOf(problem: string): ProductShape | null {
  const dense = /^mb(\d+)ic(\d+)oc(\d+)$/.exec(problem);
  if (dense) {
    const [m = 0, k = 0, n = 0] = dense.slice(1).map(Number);
    return { batch: 1, m, k, n };
  }
  const [left, right] = problem.split(':').map(dimensions);
  if (!left || !right || left.length < 2 || right.length < 2) return null;
  const [m = 0, k = 0] = left.slice(-2);
  const [inner, n = 0] = right.slice(-2);
  if (inner !== k) return null;
  const batches = [left, right].map((each) => each.slice(0, -2).reduce((a, b) => a * b, 1));
  return { batch: Math.max(...batches), m, k, n };
}

/** Undefined where the text is no such list. */
function dimensions(text: string): number[] | undefined {
  return /^\d+(x\d+)*$/.test(text) ? text.split('x').map(Number) : undefined;
}

/** Multiplications and additions. */
export function operationsOf({ batch, m, k, n }: ProductShape): number {
  return 2 * batch * m * k * n;
}
