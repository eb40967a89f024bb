/** How a command of this project ends: its lines, or what went wrong in words, with the exit status for it. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";

export type Endings<X extends { readonly _tag: string }> = {
  /** As in `npm run <name>`. */
  readonly name: string;
  readonly explain: (error: X) => string;
  readonly exits: Readonly<Record<X["_tag"], number>>;
  /** The exit status of what should not have happened. */
  readonly otherwise: number;
};

/** Runs a command to its end. Nobody is shown a stack trace. */
export const finish = <X extends { readonly _tag: string }>(
  { name, explain, exits, otherwise }: Endings<X>,
  task: TE.TaskEither<X, ReadonlyArray<string>>,
): Promise<void> => {
  const end = (text: string, status: number): void => {
    console.error(`${name}: ${text}`);
    process.exitCode = status;
  };
  return pipe(
    task,
    TE.match(
      (error) => {
        const tag: X["_tag"] = error._tag;
        end(explain(error), exits[tag]);
      },
      (lines) => console.log(lines.join("\n")),
    ),
  )().catch((error: unknown) => end(error instanceof Error ? error.message : String(error), otherwise));
};
