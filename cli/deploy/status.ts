/** What runs where: read from each environment's own state. */
import { statSync } from "node:fs";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { type TerraformError, terraformFailure } from "../terraform/errors";
import { outputsOf } from "../terraform/state";
import type { Outputs, Stack } from "../terraform/terraform";

const Running = t.intersection([
  t.type({ version: t.string, commit: t.string }),
  t.partial({ hotfix: t.union([t.string, t.null]) }),
]);

const COLUMNS = ["environment", "version", "commit", "applied", "drift", "remark"] as const;
export type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

const UNKNOWN = "unknown";

/** When the state was written last; HCP Terraform tells that on the workspace's page only. */
const writtenAt = ({ name, backend, endpoint }: Environment): TE.TaskEither<unknown, string> => {
  switch (backend.type) {
    case "cloud":
      return TE.right(UNKNOWN);
    case "local":
      return TE.tryCatch(() => Promise.resolve(statSync(`${name}.tfstate`).mtime.toISOString()), String);
    case "s3": {
      const client = new S3Client({
        region: backend.region,
        ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      });
      return pipe(
        TE.tryCatch(
          () => client.send(new HeadObjectCommand({ Bucket: backend.bucket, Key: backend.key })),
          String,
        ),
        TE.map(({ LastModified }) => LastModified?.toISOString() ?? UNKNOWN),
      );
    }
  }
};

const minutes = (time: string): string => time.replace(/:\d\d(\.\d+)?Z$/, "Z");

/** A row that says the same of everything but the environment. */
const rowWith = (environment: string, text: string, remark: string): Row => ({
  environment,
  version: text,
  commit: text,
  applied: text,
  drift: text,
  remark,
});

const rowOf = (environment: Environment, outputs: Outputs, applied: string): Row => {
  const release = outputs["release"]?.value;
  if (Object.keys(outputs).length === 0) return rowWith(environment.name, "-", "nothing was applied yet");
  if (!Running.is(release))
    return { ...rowWith(environment.name, "-", "its state does not say which release it is"), applied };
  const { version, commit, hotfix } = release;
  const remark = typeof hotfix === "string" ? `hotfix: ${hotfix}` : "";
  return {
    environment: environment.name,
    version,
    commit: commit.slice(0, 12),
    applied,
    drift: "not checked",
    remark,
  };
};

/** A row for each environment; where its state cannot be read, why. */
export const statusOf = (
  environments: ReadonlyArray<Environment>,
  shell: Pick<Stack, "env" | "say">,
): TE.TaskEither<TerraformError, ReadonlyArray<Row>> =>
  TE.traverseSeqArray((environment: Environment) =>
    pipe(
      outputsOf(environment, shell),
      TE.flatMap((outputs) =>
        pipe(
          writtenAt(environment),
          TE.orElse(() => TE.right<never, string>(UNKNOWN)),
          TE.map((applied) => rowOf(environment, outputs, minutes(applied))),
        ),
      ),
      TE.orElse((error): TE.TaskEither<TerraformError, Row> =>
        error._tag === "Interrupted" || error._tag === "Missing" || error._tag === "WrongVersion"
          ? TE.left(error)
          : TE.right(rowWith(environment.name, "?", terraformFailure(error).message.replaceAll("\n", " "))),
      ),
    ),
  )(environments);

const HEADER: Row = {
  environment: "environment",
  version: "version",
  commit: "commit",
  applied: "applied",
  drift: "drift",
  remark: "",
};

export const statusLines = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const all = [HEADER, ...rows];
  return all.map((row) =>
    COLUMNS.map((column) => row[column].padEnd(Math.max(...all.map((one) => one[column].length))))
      .join("  ")
      .trimEnd(),
  );
};
