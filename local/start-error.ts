/** Why the platform cannot start or go on: one line for the person who started it, without a stack trace. */
export class StartError extends Error {
  override readonly name = "StartError";
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
