import inspector from "node:inspector";
import { StartError } from "../../start-error";

/** Longer than a person looks at a breakpoint. */
const ONE_DAY_MS = 86_400_000;

/** Whether a debugger may attach. */
export const isInspected = (): boolean => inspector.url() !== undefined;

/**
 * Lets a debugger attach, to the platform and through it to every function's thread. Node prints the address.
 * @param port 0 is any free one
 */
export const openInspector = (port: number): void => {
  // An editor that started the platform is attached already.
  if (!isInspected()) inspector.open(port, "127.0.0.1");
  if (!isInspected()) throw new StartError(`--inspect: port ${port} is taken; choose another, or 0 for any`);
};

/** A function that may stop at a breakpoint has all the time there is. */
export const timeLimit = (ms: number): number => (isInspected() ? ONE_DAY_MS : ms);
