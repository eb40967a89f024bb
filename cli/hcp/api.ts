/** HCP Terraform's API, as far as the commands need it. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type * as t from "io-ts";
import {
  ConfigurationVersionDocument,
  dataOf,
  Discovery,
  FAILED_VERDICTS,
  listOf,
  PhaseDocument,
  type Run,
  RunDocument,
  runOf,
  VerdictDocument,
  type Workspace,
  WorkspaceDocument,
  workspaceOf,
} from "./documents";
import type { HcpError } from "./errors";
import { type Http, type Request, send, sendForText } from "./http";
import { PlanJson } from "./summary";

type Result<A> = TE.TaskEither<HcpError, A>;

/** How a run is made; a speculative one can never be applied. */
export type NewRun = {
  readonly workspaceId: string;
  readonly configurationVersionId: string;
  readonly message: string;
  readonly kind: "saved" | "speculative" | "drift";
};

export type Api = {
  readonly workspace: (organization: string, name: string) => Result<Workspace>;
  readonly uploadConfiguration: (
    workspaceId: string,
    kind: NewRun["kind"],
    archive: Uint8Array<ArrayBuffer>,
  ) => Result<string>;
  readonly configurationStatus: (id: string) => Result<{ readonly status: string; readonly error: string }>;
  readonly createRun: (run: NewRun) => Result<Run>;
  readonly run: (id: string) => Result<Run>;
  /** The newest first, the first page only. */
  readonly runs: (workspaceId: string) => Result<ReadonlyArray<Run>>;
  /** Those that ended well and could change something, the first page only: drift and previews do not fill it. */
  readonly appliedRuns: (workspaceId: string) => Result<ReadonlyArray<Run>>;
  readonly act: (id: string, action: "apply" | "cancel" | "discard") => Result<void>;
  readonly phase: (kind: "plans" | "applies", id: string) => Result<PhaseDocument>;
  readonly planJson: (planId: string) => Result<PlanJson>;
  readonly log: (url: string) => Result<string>;
  /** The policy checks and task stages of a run that failed, in words. */
  readonly failedVerdicts: (runId: string) => Result<ReadonlyArray<string>>;
};

const attributesOf: Readonly<Record<NewRun["kind"], Readonly<Record<string, boolean>>>> = {
  saved: { "save-plan": true },
  speculative: { "plan-only": true },
  // Plan-only as well: a refresh-only run that finds something would wait for a confirmation and hold the workspace.
  drift: { "plan-only": true, "refresh-only": true },
};

const RUNS_LISTED = 50;

const APPLIED: Readonly<Record<string, string>> = {
  "filter[status]": "applied,planned_and_finished",
  "filter[operation]": "plan_and_apply,save_plan,empty_apply,destroy",
};

/** Follows service discovery, as Terraform does, to the API of a host. */
export const connect = (http: Http, origin: URL, token: string): Result<Api> =>
  pipe(
    send(
      http,
      {
        what: `find HCP Terraform's API at ${origin.host}`,
        url: new URL("/.well-known/terraform.json", origin),
      },
      Discovery,
    ),
    TE.map((services) => apiAt(http, new URL(services["tfe.v2"], origin), token)),
  );

const apiAt = (http: Http, base: URL, token: string): Api => {
  const at = (path: string): URL => new URL(`${base.href.replace(/\/$/, "")}/${path}`);
  type Asked = Omit<Request, "url" | "token"> & { readonly path: string };
  const ask = <A>({ path, ...request }: Asked, codec: t.Decoder<unknown, A>): Result<A> =>
    send(http, { ...request, token, url: at(path) }, codec);
  const askRun = (request: Asked): Result<Run> =>
    pipe(
      ask(request, dataOf(RunDocument)),
      TE.map(({ data }) => runOf(data)),
    );
  const runsOf = (workspaceId: string, filter: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams({ "page[size]": String(RUNS_LISTED), ...filter });
    return pipe(
      ask(
        { what: "list the runs", path: `workspaces/${workspaceId}/runs?${query.toString()}` },
        listOf(RunDocument),
      ),
      TE.map(({ data }) => data.map(runOf)),
    );
  };
  const verdictsAt = (path: string): Result<ReadonlyArray<string>> =>
    pipe(
      ask({ what: "read the policy checks", path }, listOf(VerdictDocument)),
      TE.map(({ data }) =>
        data.flatMap(({ attributes: { status, stage } }) =>
          FAILED_VERDICTS.has(status) ? [`${stage ?? "policy check"} ${status}`] : [],
        ),
      ),
      // Not every installation has both kinds.
      TE.orElse((error) => (error._tag === "NotFound" ? TE.right([]) : TE.left(error))),
    );
  return {
    workspace: (organization, name) =>
      pipe(
        ask(
          {
            what: `read workspace ${organization}/${name}`,
            path: `organizations/${encodeURIComponent(organization)}/workspaces/${encodeURIComponent(name)}`,
          },
          dataOf(WorkspaceDocument),
        ),
        TE.map(({ data }) => workspaceOf(data)),
      ),
    uploadConfiguration: (workspaceId, kind, bytes) =>
      pipe(
        ask(
          {
            what: "create a configuration version",
            method: "POST",
            path: `workspaces/${workspaceId}/configuration-versions`,
            // One that was created and not used costs nothing.
            repeatable: true,
            body: {
              data: {
                type: "configuration-versions",
                attributes: {
                  "auto-queue-runs": false,
                  speculative: kind !== "saved",
                  // Becomes the workspace's current one when it is applied, not when it is planned.
                  provisional: kind === "saved",
                },
              },
            },
          },
          dataOf(ConfigurationVersionDocument),
        ),
        TE.flatMap(({ data }) => {
          const url = data.attributes["upload-url"];
          const what = "upload the stack";
          return typeof url !== "string"
            ? TE.left<HcpError, string>({ _tag: "NotHcp", what, detail: "no upload-url" })
            : pipe(
                sendForText(http, { what, method: "PUT", url: new URL(url, base), bytes, repeatable: true }),
                TE.map(() => data.id),
              );
        }),
      ),
    configurationStatus: (id) =>
      pipe(
        ask(
          { what: "read the configuration version", path: `configuration-versions/${id}` },
          dataOf(ConfigurationVersionDocument),
        ),
        TE.map(({ data: { attributes } }) => ({
          status: attributes.status,
          error: attributes["error-message"] ?? "",
        })),
      ),
    createRun: ({ workspaceId, configurationVersionId, message, kind }) =>
      askRun({
        what: "create a run",
        method: "POST",
        path: "runs",
        body: {
          data: {
            type: "runs",
            attributes: { message, "auto-apply": false, ...attributesOf[kind] },
            relationships: {
              workspace: { data: { type: "workspaces", id: workspaceId } },
              "configuration-version": {
                data: { type: "configuration-versions", id: configurationVersionId },
              },
            },
          },
        },
      }),
    run: (id) => askRun({ what: `read run ${id}`, path: `runs/${encodeURIComponent(id)}` }),
    runs: (workspaceId) => runsOf(workspaceId, {}),
    appliedRuns: (workspaceId) => runsOf(workspaceId, APPLIED),
    act: (id, action) =>
      pipe(
        sendForText(http, {
          what: `${action} run ${id}`,
          method: "POST",
          url: at(`runs/${encodeURIComponent(id)}/actions/${action}`),
          token,
          body: { comment: `${action}, by npm run hcp` },
        }),
        TE.map(() => undefined),
      ),
    phase: (kind, id) =>
      pipe(
        ask({ what: `read ${kind}/${id}`, path: `${kind}/${id}` }, dataOf(PhaseDocument)),
        TE.map(({ data }) => data),
      ),
    planJson: (planId) => ask({ what: "read the plan", path: `plans/${planId}/json-output` }, PlanJson),
    log: (url) => sendForText(http, { what: "read the log", url: new URL(url, base) }),
    failedVerdicts: (runId) =>
      pipe(
        TE.sequenceArray([
          verdictsAt(`runs/${runId}/policy-checks`),
          verdictsAt(`runs/${runId}/task-stages`),
        ]),
        TE.map((lists) => lists.flat()),
      ),
  };
};
