import { writeFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { cut } from "../../lib/text";
import { type Comparison, compareStacks, type Explained, strays, synthHere } from "./compare";
import { failed, refused, type ReleaseError } from "./errors";
import { environmentOf, made, type Made } from "./this-checkout";

const short = (value: unknown): string => cut(value === undefined ? "nothing" : JSON.stringify(value), 60);

const explainedLine = ({ path, from, to, where }: Explained): string =>
  `  ${path}: ${short(from)} → ${short(to)}: ${where.length} values${where[0] === undefined ? "" : `, e.g. ${where[0]}`}`;

/** Synthesis throws where a stack cannot be made. */
const attempt = <A>(make: () => A): E.Either<ReleaseError, A> =>
  E.tryCatch(make, (error) => failed(error instanceof Error ? error.message : String(error)));

/** What is compared is a stack on its own; the app must make exactly that of each environment. */
const madeByApp = (all: ReadonlyArray<Made>): ReadonlyArray<string> =>
  all.flatMap(({ environment, stack }) =>
    strays(stack.json, synthHere(environment)).map(
      (line) => `${line}: main.ts and the stack alone, of ${environment.name}`,
    ),
  );

/** Proves two environments' stacks equal except for what their files say. */
export const compare = (
  nameOfA: string,
  nameOfB: string,
  json: string | undefined,
): TE.TaskEither<ReleaseError, ReadonlyArray<string>> =>
  pipe(
    TE.Do,
    TE.apS("a", TE.fromEither(environmentOf(nameOfA))),
    TE.apS("b", TE.fromEither(environmentOf(nameOfB))),
    TE.bind("stacks", ({ a, b }) => made([a, b])),
    TE.flatMapEither(({ a, b, stacks }) =>
      attempt((): Comparison => {
        const { explained, unexplained } = compareStacks(a, b, synthHere);
        return { explained, unexplained: [...madeByApp(stacks), ...unexplained] };
      }),
    ),
    TE.flatMapEither((comparison) => {
      const { explained, unexplained } = comparison;
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(comparison, undefined, 2)}\n`);
      const lines = [
        `what ${nameOfA} and ${nameOfB} differ in, and what comes of it:`,
        ...explained.map(explainedLine),
      ];
      return unexplained.length === 0
        ? E.right([...lines, `nothing else: ${nameOfA} and ${nameOfB} are the same release`])
        : E.left(
            refused(
              [...lines, `${nameOfA} and ${nameOfB} differ in what their files do not say:`].join("\n"),
              unexplained,
            ),
          );
    }),
  );
