/** One of the limits that memory has, and how far it is from here. */

/** Sizes in bytes. */
export type MemoryLimit = {
  /** As a sentence names it: 'the machine', 'the control group /user.slice'. */
  what: string;
  /** What new work can have before it. */
  free: number;
  /** What it can have beyond that where the system writes other memory to the disk, slowly. */
  swap: number;
  /** Whoever goes beyond it is ended by the kernel; otherwise the request is refused. */
  ends: boolean;
};
