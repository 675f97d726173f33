/** The native binding of @tensorflow/tfjs-node-gpu: the few calls that the engine makes, typed. */
import { locateRuntime } from './locate.ts';
import { loadNativeModule } from './native-module.ts';
import { release, type TensorData } from './tensor-data.ts';
import { unaligned } from './unaligned.ts';

/** Element types that the binding can make and read; the numbers are TensorFlow's codes. */
export type BindingType = 'float32' | 'int32' | 'uint8' | 'bool';
const bindingTypeCode: Record<BindingType, number> = { float32: 1, int32: 3, uint8: 4, bool: 10 };

type TensorInfo = { id: number; shape: number[]; dtype: number };

type RawBinding = {
  createTensor(shape: readonly number[], dtype: number, values: TensorData): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): TensorData;
  loadSavedModel(directory: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: number[],
    inputNames: string,
    outputNames: string,
  ): TensorInfo[];
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  TF_Version: string;
};

export type Binding = Omit<RawBinding, 'createTensor' | 'TF_Version'> & {
  /** Copies the values into TensorFlow's memory; the id has to be deleted. */
  createTensor(shape: readonly number[], dtype: BindingType, values: TensorData): number;
  readonly version: string;
};

let loaded: Binding | null = null;

/** Loads TensorFlow once a process, from where set-up has put it or from the file LORIKEET_BINDING. Throws engine/runtime-missing. */
export function loadBinding(): Binding {
  loaded ??= load(process.env['LORIKEET_BINDING'] ?? locateRuntime().binding);
  return loaded;
}

/** TensorFlow's version where it is loaded already, else null. */
export function tensorflowInUse(): string | null {
  return loaded?.version ?? null;
}

function load(path: string): Binding {
  const raw = loadNativeModule(path, { exports: {} as RawBinding });
  return {
    createTensor(shape, dtype, values) {
      const fed = unaligned(values);
      const id = raw.createTensor(shape, bindingTypeCode[dtype], fed);
      if (fed !== values) release(fed);
      return id;
    },
    deleteTensor: (id) => raw.deleteTensor(id),
    tensorDataSync: (id) => raw.tensorDataSync(id),
    loadSavedModel: (directory, tags) => raw.loadSavedModel(directory, tags),
    deleteSavedModel: (id) => raw.deleteSavedModel(id),
    runSavedModel: (id, inputs, inputNames, outputNames) =>
      raw.runSavedModel(id, inputs, inputNames, outputNames),
    isUsingGpuDevice: () => raw.isUsingGpuDevice(),
    getNumOfTensors: () => raw.getNumOfTensors(),
    getNumOfSavedModels: () => raw.getNumOfSavedModels(),
    version: raw.TF_Version,
  };
}
