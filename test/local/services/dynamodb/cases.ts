import type { TryTable } from "./try-table";

/** What DynamoDB documents and our adapters rely on, as questions to any table that says it is one. */
export type Case = {
  readonly name: string;
  readonly ask: (table: TryTable) => Promise<unknown>;
  readonly answer: unknown;
  /** Whose answer is another, which is no reason to change ours: docs/local.md names what the local table lacks. */
  readonly differs?: ReadonlyArray<"local" | "moto">;
};

export const MOTO = ["moto"] as const;

/** Asks, and holds the answer against what it has to be, or must not be as long as it differs. */
export const check = async (
  { ask, answer, differs = [] }: Case,
  table: TryTable,
  of: "local" | "moto",
): Promise<void> => {
  const asked = async (): Promise<void> => expect(await ask(table)).toEqual(answer);
  if (differs.includes(of)) await expect(asked()).rejects.toThrow();
  else await asked();
};
