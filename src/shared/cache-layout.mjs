// @ts-check
/**
 * Where everything lies that set-up fetches or builds. Pure text, so that it serves any process, and plain JavaScript,
 * so that set-up can read it on a Node that is too old for TypeScript.
 */

export const nodeVersion = '24.21.0';
export const tensorflowVersion = '2.21.0';
export const fallbackElectronVersion = '33.2.1';
export const starterModelName = 'smollm2-135m-instruct';

/**
 * The user's cache folder of Lorikeet and the places in it.
 * @param {Record<string, string | undefined>} environment LORIKEET_CACHE moves the folder
 * @param {string} home the user's home folder
 */
export function cacheLayout(environment, home) {
  const { LORIKEET_CACHE: own, XDG_CACHE_HOME: xdg } = environment;
  const root = own || (xdg ? `${xdg}/lorikeet` : `${home}/.cache/lorikeet`);
  return {
    root,
    /** Node for machines whose own is too old. */
    node: `${root}/node-${nodeVersion}`,
    /** Programs as Node has compiled them: a command starts in half the time. */
    compiled: `${root}/compiled`,
    /** The sha256 of base models and data files, so that each is read once for it. */
    fingerprints: `${root}/fingerprints.json`,
    /** libtensorflow and the binding; the GPU build is there only where an NVIDIA driver was found. */
    runtimeCpu: `${root}/runtime/tensorflow-${tensorflowVersion}-cpu`,
    runtimeGpu: `${root}/runtime/tensorflow-${tensorflowVersion}-gpu`,
    starterModel: `${root}/models/${starterModelName}/SmolLM2-135M-Instruct.Q4_1.gguf`,
    /** A LLaMA of 0.85 M parameters: weights/en.npz and en.tokenizer.json, for tests. */
    testModel: `${root}/models/glassllm-0.1.0`,
    /** Electron and a matching SQLite module for machines that cannot download the declared Electron. */
    fallbackElectron: `${root}/electron-${fallbackElectronVersion}`,
    /** Which of the two Electrons this machine uses. */
    electronChoice: `${root}/electron.json`,
  };
}

/** @typedef {ReturnType<typeof cacheLayout>} CacheLayout */
