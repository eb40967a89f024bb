/** Why the platform cannot start or go on: one line for the person who started it, without a stack trace. */
export class StartError extends Error {
  override readonly name: string = "StartError";
  readonly status: number = 1;
}

/** What the data folder holds is not what was written there. */
export class DamagedError extends StartError {
  override readonly name = "DamagedError";
  override readonly status = 3;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
