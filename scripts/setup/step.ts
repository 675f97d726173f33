/** A step of set-up: knows quickly whether it is done, and does it whole or not at all. */

export type Step = {
  /** 'TensorFlow runtime 2.21.0' */
  name: string;
  done: () => boolean;
  /** `tell` shows what is going on: 'downloading tensorflow-cpu (274 MB)'. */
  run: (tell: (what: string) => void) => Promise<void>;
};
