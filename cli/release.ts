/** `npm run release -- <manifest|verify|compare|guard|promotable> …`: what a release is, and where it may come. */
import { writeFileSync } from "node:fs";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { command, main, perform, userPath } from "../lib/command";
import { compare } from "./release/compare-command";
import { asFailure, type ReleaseError } from "./release/errors";
import { guard } from "./release/guard-command";
import { environmentOf, shell } from "./release/this-checkout";
import { manifest, verify } from "./release/manifest-commands";
import { mayComeTo } from "./release/promotion";

type Result = TE.TaskEither<ReleaseError, ReadonlyArray<string>>;

const end = (result: Result): Promise<void> => perform(asFailure(result));

/** The JSON form of what a person is shown. */
const recorded = (file: string | undefined, result: Result): Result => {
  const write = (refused: boolean, lines: ReadonlyArray<string>) => (): void => {
    if (file !== undefined)
      writeFileSync(userPath(file), `${JSON.stringify({ refused, lines }, undefined, 2)}\n`);
  };
  return pipe(
    result,
    TE.tapIO((lines) => write(false, lines)),
    TE.tapError((error) => TE.fromIO(error._tag === "Refused" ? write(true, error.lines) : () => undefined)),
  );
};

const promotableTo = (name: string): Result =>
  pipe(
    TE.fromEither(environmentOf(name)),
    TE.flatMap((environment) => mayComeTo(environment, shell)),
  );

const program = command("release")
  .description("what a release consists of, what it would lose, and where it may come")
  .addHelpText(
    "after",
    `
Exit status: 0 as it should be, 1 refused (each reason is a line), 2 wrong use or a faulty environment file,
3 something this needs failed, and from 10 on Terraform did, as of npm run deploy.`,
  );

program.addCommand(
  command("manifest")
    .description(
      "write digests of each environment's stack, of every bundle and of the lock file, and each environment's values",
    )
    .option("--out <file>", "where the manifest goes", "release.json")
    .option("--allow-changes", "a manifest although files differ from the commit", false)
    .action(({ out, allowChanges }) => end(manifest(userPath(out), allowChanges))),
);
program.addCommand(
  command("verify")
    .description("synthesize again, and refuse if anything is not as the manifest has it")
    .argument("<environment>")
    .option("--manifest <file>", "the manifest", "release.json")
    .option("--json <file>", "write the reasons there too")
    .action((environment, options) =>
      end(recorded(options.json, verify(environment, userPath(options.manifest)))),
    ),
);
program.addCommand(
  command("compare")
    .description("prove two environments' stacks equal but for what their files say")
    .argument("<a>")
    .argument("<b>")
    .option("--json <file>", "write each difference there too")
    .action((a, b, { json }) => end(compare(a, b, json === undefined ? undefined : userPath(json)))),
);
program.addCommand(
  command("guard")
    .description(
      "refuse to lose what keeps data and runs in the environments (by their state): removed, renamed or recreated",
    )
    .argument("[environment...]", "default: all")
    .option("--json <file>", "write the reasons there too")
    .action((environments, { json }) => end(recorded(json, guard(environments)))),
);
program.addCommand(
  command("promotable")
    .description(
      "whether an environment may take this commit: the one before it runs it, and passed its smoke test",
    )
    .argument("<environment>")
    .option("--json <file>", "write the reasons there too")
    .action((environment, { json }) => end(recorded(json, promotableTo(environment)))),
);

void main(program);
