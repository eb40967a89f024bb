/** Which previews exist, by their states: their files are not kept. */
import { readdirSync } from "node:fs";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { isApplied, readState } from "../release/state";
import { reasonOf } from "../../lib/thrown";
import { terraformFailure } from "../terraform/errors";
import { readOrganization } from "../terraform/hcp";
import type { Stack } from "../terraform/terraform";
import { previewOf } from "../../environments/preview";

export type Preview = {
  readonly pullRequest: number;
  readonly environment: Environment;
  /** When it was deployed last; undefined where its state does not say. */
  readonly created: Date | undefined;
};

const environmentOf = (template: Environment, number: number): Environment =>
  previewOf(template, { number, created: new Date(0) });

/** What stands before and after the number where the state of a preview is named. */
const around = (template: Environment, stateOf: (environment: Environment) => string) => {
  const sample = 987_654_321;
  const [before = "", after = ""] = stateOf(environmentOf(template, sample)).split(String(sample));
  return { before, after };
};

const Workspaces = t.type({
  data: t.readonlyArray(t.type({ attributes: t.type({ name: t.string }) })),
  meta: t.type({ pagination: t.type({ "next-page": t.union([t.number, t.null]) }) }),
});

type Names = TE.TaskEither<string, ReadonlyArray<string>>;

const workspaces = (
  backend: Extract<Environment["backend"], { readonly type: "cloud" }>,
  before: string,
  page: number,
): Names =>
  pipe(
    readOrganization(
      backend,
      `workspaces?page%5Bsize%5D=100&page%5Bnumber%5D=${page}&search%5Bname%5D=${encodeURIComponent(before)}`,
      process.env,
    ),
    TE.flatMap((answer): Names => {
      if (!Workspaces.is(answer))
        return TE.left(`the workspaces of ${backend.organization} cannot be listed with this token`);
      const names = answer.data.map(({ attributes }) => attributes.name);
      const next = answer.meta.pagination["next-page"];
      return next === null
        ? TE.right(names)
        : pipe(
            workspaces(backend, before, next),
            TE.map((others) => [...names, ...others]),
          );
    }),
  );

const keys = (
  { bucket, region }: Extract<Environment["backend"], { readonly type: "s3" }>,
  endpoint: string | undefined,
  before: string,
): Names =>
  TE.tryCatch(
    async () => {
      const client = new S3Client({
        region,
        ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      });
      const found: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: before },
      ))
        found.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return found;
    },
    (error) => `${bucket} cannot be listed: ${reasonOf(error)}`,
  );

/** The numbers of the pull requests whose previews have a state, used or not. */
const numbers = (template: Environment): TE.TaskEither<string, ReadonlyArray<number>> => {
  const { backend, endpoint } = template;
  const [{ before, after }, names]: readonly [ReturnType<typeof around>, Names] = (() => {
    switch (backend.type) {
      case "cloud": {
        const name = around(template, (one) => (one.backend.type === "cloud" ? one.backend.workspace : ""));
        return [name, workspaces(backend, name.before, 1)] as const;
      }
      case "s3": {
        const key = around(template, (one) => (one.backend.type === "s3" ? one.backend.key : ""));
        return [key, keys(backend, endpoint, key.before)] as const;
      }
      case "local":
        return [around(template, (one) => `${one.name}.tfstate`), TE.fromIO(() => readdirSync("."))] as const;
    }
  })();
  return pipe(
    names,
    TE.map((all) =>
      all
        .filter((name) => name.startsWith(before) && name.endsWith(after))
        .map((name) => name.slice(before.length, name.length - after.length))
        .filter((number) => /^[1-9]\d{0,8}$/.test(number))
        .map(Number)
        .sort((a, b) => a - b),
    ),
  );
};

/** The previews that have resources, by what their states say. */
export const existing = (
  template: Environment,
  shell: Pick<Stack, "env" | "say">,
): TE.TaskEither<string, ReadonlyArray<Preview>> =>
  pipe(
    numbers(template),
    TE.flatMap(
      TE.traverseSeqArray((pullRequest) => {
        const environment = environmentOf(template, pullRequest);
        return pipe(
          readState(environment, shell),
          TE.bimap(
            (error) => `${environment.name}: ${terraformFailure(error).message}`,
            (state): ReadonlyArray<Preview> => {
              const created = state.release?.preview?.created;
              return isApplied(state)
                ? [
                    {
                      pullRequest,
                      environment,
                      created: created === undefined ? undefined : new Date(created),
                    },
                  ]
                : [];
            },
          ),
        );
      }),
    ),
    TE.map((found) => found.flat()),
  );

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Previews not deployed for so long, and those whose state does not say when. */
export const expired = (previews: ReadonlyArray<Preview>, days: number, now: Date): ReadonlyArray<Preview> =>
  previews.filter(
    ({ created }) => created === undefined || now.getTime() - created.getTime() >= days * DAY_MS,
  );

export const previewLine = ({ pullRequest, environment: { name }, created }: Preview): string =>
  `${String(pullRequest).padEnd(9)} ${name.padEnd(12)} ${created?.toISOString() ?? "does not say when it was deployed"}`;
