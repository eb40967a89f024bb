import { stripVTControlCharacters } from "node:util";

/** What the suite prints: a line when a step begins and one when it ends, and the count at the end. */

let passed = 0;
let failed = 0;
const started = Date.now();

const clock = (): string => `${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s`;

export const note = (text: string): void => console.log(`${clock()}  ${text}`);

export class Failure extends Error {}

/** The last lines of a program's output: where it says what was wrong. */
export const tail = (output: string, lines = 25): string =>
  output.trimEnd().split("\n").slice(-lines).join("\n");

/** Terraform frames its errors and colours what cdktf runs; both hide words from a search. */
export const plain = (output: string): string =>
  stripVTControlCharacters(output).replaceAll(/[╷│╵]/g, "").replaceAll(/\s+/g, " ");

/**
 * Runs one step and counts it. A step that fails is printed with what it says, and lets the others go on.
 * @returns the step's value; undefined if it failed
 */
export const step = async <A,>(name: string, work: () => Promise<A>): Promise<A | undefined> => {
  note(`…      ${name}`);
  const begun = Date.now();
  try {
    const value = await work();
    passed += 1;
    note(`passed ${name} (${((Date.now() - begun) / 1_000).toFixed(1)} s)`);
    return value;
  } catch (error) {
    failed += 1;
    note(`FAILED ${name} (${((Date.now() - begun) / 1_000).toFixed(1)} s)`);
    console.log(
      (error instanceof Failure
        ? error.message
        : error instanceof Error
          ? String(error.stack)
          : String(error)
      ).replaceAll(/^/gm, "        "),
    );
    return undefined;
  }
};

export const expect = (holds: boolean, message: string): void => {
  if (!holds) throw new Failure(message);
};

/** @returns the exit status */
export const finish = (): number => {
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
};

export const same = (what: string, actual: unknown, expected: unknown): void =>
  expect(
    JSON.stringify(actual) === JSON.stringify(expected),
    `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`,
  );
