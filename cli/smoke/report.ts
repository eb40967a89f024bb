import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";

/** What is checked, in this order. */
export const CHECKS = [
  "health",
  "malformed order refused",
  "test order stored",
  "same order replayed",
  "order read",
  "order in the table",
  "order submitted",
  "order decided",
  "order archived",
  "notifications subscribed",
  "results pipeline succeeded",
  "dead-letter queue empty",
] as const;
type CheckName = (typeof CHECKS)[number];

export type Checked = {
  readonly name: CheckName;
  readonly result: "ok" | "failed" | "skipped";
  readonly seconds: number;
  /** What was seen, or why it failed. */
  readonly detail: string;
};

/** A check that did not hold; what was wrong is in the report. */
export type NotHeld = { readonly _tag: "NotHeld" };

const NAME_WIDTH = Math.max(...CHECKS.map(({ length }) => length));

const line = ({ name, result, seconds, detail }: Checked): string =>
  `${result.padEnd(7)} ${name.padEnd(NAME_WIDTH)} ${seconds.toFixed(1).padStart(6)} s  ${detail}`.trimEnd();

export const reporter = (say: (line: string) => void, now: () => number) => {
  const checked = new Map<CheckName, Checked>();
  return {
    /** Runs a check, prints a line, keeps it. Left where it failed: what builds on it is then left out. */
    check:
      <A>(
        name: CheckName,
        task: TE.TaskEither<string, A>,
        detail: (value: A) => string,
      ): TE.TaskEither<NotHeld, A> =>
      async () => {
        const started = now();
        const result = await task();
        const done: Checked = {
          name,
          result: E.isRight(result) ? "ok" : "failed",
          seconds: (now() - started) / 1_000,
          detail: E.isRight(result) ? detail(result.right) : result.left,
        };
        checked.set(name, done);
        say(line(done));
        return E.isRight(result) ? result : E.left({ _tag: "NotHeld" });
      },
    /** Every check; those not reached are skipped. */
    all: (): ReadonlyArray<Checked> =>
      CHECKS.map(
        (name) =>
          checked.get(name) ?? { name, result: "skipped", seconds: 0, detail: "an earlier check failed" },
      ),
  };
};

export type Reporter = ReturnType<typeof reporter>;
