import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as t from "io-ts";
import * as documents from "./documents";
import type { Runner } from "./runs";
import { byId, type Phase, type Run, type Store, type Workspace } from "./store";

export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

type Asked = {
  readonly store: Store;
  readonly runner: Runner;
  readonly origin: string;
  readonly organization: string;
  /** What the token that was sent may do. */
  readonly access: documents.Access;
  readonly url: URL;
  readonly body: Buffer;
  /** What the path's groups matched. */
  readonly ids: ReadonlyArray<string>;
};

type Route = {
  readonly method: string;
  readonly path: RegExp;
  readonly handle: (asked: Asked) => Answer;
};

export const problem = (status: number, title: string): Answer => ({
  status,
  body: { errors: [{ status: String(status), title }] },
});
const notFound = problem(404, "not found");
const ok = (data: unknown, status = 200, included: ReadonlyArray<unknown> = []): Answer => ({
  status,
  body: included.length === 0 ? { data } : { data, included },
});
const page = (data: ReadonlyArray<unknown>): Answer => ({
  status: 200,
  body: {
    data,
    meta: {
      pagination: { "current-page": 1, "next-page": null, "total-pages": 1, "total-count": data.length },
    },
  },
});

const route = (method: string, path: string, handle: Route["handle"]): Route => ({
  method,
  path: new RegExp(`^${path.replaceAll(":id", "([^/]+)")}$`),
  handle,
});

/** What must be there before the answer can be given. */
const found = <A>(value: A | undefined, answer: (value: A) => Answer): Answer =>
  value === undefined ? notFound : answer(value);
const withWorkspace = ({ store, ids }: Asked, answer: (workspace: Workspace) => Answer): Answer =>
  found(byId(store.workspaces, ids[0] ?? ""), answer);
const withRun = ({ store, ids }: Asked, answer: (run: Run) => Answer, prefix = ""): Answer =>
  found(byId(store.runs, (ids[0] ?? "").slice(prefix.length)), answer);

const Reference = t.type({ data: t.type({ id: t.string }) });
const flag = t.union([t.boolean, t.null, t.undefined]);
const NewRun = t.type({
  data: t.type({
    attributes: t.partial({
      "plan-only": flag,
      "save-plan": flag,
      "refresh-only": flag,
      "is-destroy": flag,
      variables: t.array(t.type({ key: t.string, value: t.string })),
    }),
    relationships: t.intersection([
      t.type({ workspace: Reference }),
      t.partial({ "configuration-version": Reference }),
    ]),
  }),
});
const NewConfiguration = t.type({ data: t.type({ attributes: t.partial({ speculative: flag }) }) });
const NewWorkspace = t.type({ data: t.type({ attributes: t.type({ name: t.string }) }) });
const ChangedWorkspace = t.type({
  data: t.type({ attributes: t.partial({ "terraform-version": t.string }) }),
});

const decoded = <A>(codec: t.Type<A, unknown>, { body }: Asked, answer: (value: A) => Answer): Answer => {
  const json: unknown = JSON.parse(body.toString());
  return codec.is(json) ? answer(json) : problem(422, "invalid attributes");
};

const createRun = (asked: Asked): Answer =>
  decoded(NewRun, asked, ({ data: { attributes, relationships } }) => {
    const { store, runner } = asked;
    const configuration = store.configurations.findLast(
      ({ id, workspace, status }) =>
        workspace.id === relationships.workspace.data.id &&
        status === "uploaded" &&
        id === (relationships["configuration-version"]?.data.id ?? id),
    );
    if (configuration === undefined) return problem(422, "no configuration version was uploaded");
    const run = store.addRun(configuration, {
      planOnly: (attributes["plan-only"] ?? false) || configuration.speculative,
      savePlan: attributes["save-plan"] ?? false,
      refreshOnly: attributes["refresh-only"] ?? false,
      destroy: attributes["is-destroy"] ?? false,
      variables: Object.fromEntries((attributes.variables ?? []).map(({ key, value }) => [key, value])),
    });
    runner.start(run);
    return ok(documents.runDocument(run), 201);
  });

/** A run, with what was asked to be included. */
const readRun = (asked: Asked): Answer =>
  withRun(asked, (run) => {
    const wanted = asked.url.searchParams.get("include")?.split(",") ?? [];
    const parts: Readonly<Record<string, () => unknown>> = {
      workspace: () => documents.workspaceDocument(run.workspace, asked.access),
      plan: () => documents.phaseDocument("plans", run.plan, run, asked.origin),
      ...(run.task === undefined ? {} : { task_stages: () => documents.taskStageDocument(run) }),
    };
    return ok(
      documents.runDocument(run),
      200,
      wanted.flatMap((name) => parts[name]?.() ?? []),
    );
  });

const phases = ({ store }: Asked): ReadonlyArray<Phase & { readonly run: Run }> =>
  store.runs.flatMap((run) => [run.plan, run.apply].map((phase) => ({ ...phase, run })));

const phase =
  (type: "plans" | "applies") =>
  (asked: Asked): Answer =>
    found(byId(phases(asked), asked.ids[0] ?? ""), (one) =>
      ok(documents.phaseDocument(type, one, one.run, asked.origin)),
    );

const readLog = (asked: Asked): Answer =>
  found(byId(phases(asked), asked.ids[0] ?? ""), ({ log }) => {
    const bytes = Buffer.from(log);
    const offset = Number(asked.url.searchParams.get("offset") ?? 0);
    const limit = Number(asked.url.searchParams.get("limit") ?? bytes.length);
    return { status: 200, body: bytes.subarray(offset, offset + limit) };
  });

/** Somebody who may not read it is told the same as where there is none. */
const planJson =
  (name: "json" | "redacted", needed: ReadonlyArray<documents.Access>) =>
  ({ store, ids, origin, access }: Asked): Answer => {
    const run = store.runs.find(({ plan }) => plan.id === ids[0]);
    if (run === undefined || !needed.includes(access)) return notFound;
    return run.plan.status === "finished"
      ? { status: 307, headers: { location: `${origin}/plans/${run.plan.id}/${name}` } }
      : { status: 204 };
  };

const act =
  (action: "apply" | "cancel") =>
  (asked: Asked): Answer => {
    if (action === "apply" && asked.access === "plan") return notFound;
    return withRun(asked, (run) =>
      asked.runner[action](run)
        ? { status: 202 }
        : problem(409, `transition not allowed: the run is ${run.status}`),
    );
  };

const State = t.type({ serial: t.number, outputs: t.record(t.string, t.UnknownRecord) });

const withState = (asked: Asked, answer: (state: t.TypeOf<typeof State>, of: Workspace) => Answer): Answer =>
  withWorkspace(asked, (workspace) => {
    if (!existsSync(workspace.state)) return notFound;
    const state: unknown = JSON.parse(readFileSync(workspace.state, "utf8"));
    return State.is(state) ? answer(state, workspace) : notFound;
  });

const upload = ({ store, ids, body }: Asked): Answer =>
  found(byId(store.configurations, ids[0] ?? ""), (configuration) => {
    writeFileSync(configuration.archive, body);
    configuration.status = "uploaded";
    return { status: 200 };
  });

const API = "/api/v2";

export const routes: ReadonlyArray<Route> = [
  route("GET", "/.well-known/terraform.json", () => ({
    status: 200,
    body: { "tfe.v2": `${API}/`, "tfe.v2.1": `${API}/`, "tfe.v2.2": `${API}/` },
    headers: { "content-type": "application/json" },
  })),
  route("GET", `${API}/ping`, () => ({ status: 204 })),
  route("GET", `${API}/organizations/:id/entitlement-set`, ({ ids, organization }) =>
    ids[0] === organization ? ok(documents.entitlements(organization)) : notFound,
  ),
  route("GET", `${API}/organizations/:id/projects`, ({ url }) =>
    page([documents.projectDocument(url.searchParams.get("filter[names]") ?? "Default Project")]),
  ),
  route("GET", `${API}/organizations/:id/runs/queue`, () => page([])),
  route("POST", `${API}/organizations/:id/workspaces`, (asked) =>
    decoded(NewWorkspace, asked, ({ data }) =>
      ok(
        documents.workspaceDocument(
          asked.store.addWorkspace(asked.organization, data.attributes.name),
          asked.access,
        ),
        201,
      ),
    ),
  ),
  route("GET", `${API}/organizations/:id/workspaces`, ({ store, access, url }) =>
    page(
      store.workspaces
        .filter(({ name }) => name.includes(url.searchParams.get("search[name]") ?? ""))
        .map((one) => documents.workspaceDocument(one, access)),
    ),
  ),
  route("GET", `${API}/organizations/:id/workspaces/:id`, ({ store, access, ids: [of = "", name = ""] }) =>
    found(store.workspaceNamed(of, name), (one) => ok(documents.workspaceDocument(one, access))),
  ),
  route("GET", `${API}/workspaces/:id`, (asked) =>
    withWorkspace(asked, (workspace) => ok(documents.workspaceDocument(workspace, asked.access))),
  ),
  route("PATCH", `${API}/workspaces/:id`, (asked) =>
    withWorkspace(asked, (workspace) =>
      decoded(ChangedWorkspace, asked, ({ data: { attributes } }) => {
        workspace.terraformVersion = attributes["terraform-version"] ?? workspace.terraformVersion;
        return ok(documents.workspaceDocument(workspace, asked.access));
      }),
    ),
  ),
  route("GET", `${API}/workspaces/:id/runs`, (asked) =>
    withWorkspace(asked, (workspace) =>
      page(
        asked.store.runs
          .filter((run) => run.workspace === workspace)
          .map(documents.runDocument)
          .reverse(),
      ),
    ),
  ),
  route("GET", `${API}/workspaces/:id/current-state-version`, (asked) =>
    withState(asked, ({ serial }, of) => ok(documents.stateVersionDocument(of, serial, asked.origin))),
  ),
  route("GET", `${API}/workspaces/:id/current-state-version-outputs`, (asked) =>
    withState(asked, ({ outputs }) =>
      page(
        Object.entries(outputs).map(([name, { value, type, sensitive }]) => ({
          id: `wsout-${name}`,
          type: "state-version-outputs",
          attributes: {
            name,
            value: sensitive === true ? null : value,
            type: typeof type === "string" ? type : "array",
            "detailed-type": type,
            sensitive: sensitive ?? false,
          },
        })),
      ),
    ),
  ),
  route("POST", `${API}/workspaces/:id/configuration-versions`, (asked) =>
    withWorkspace(asked, (workspace) =>
      decoded(NewConfiguration, asked, ({ data }) => {
        const made = asked.store.addConfiguration(workspace, data.attributes.speculative ?? false);
        return ok(documents.configurationDocument(made, asked.origin), 201);
      }),
    ),
  ),
  route("GET", `${API}/configuration-versions/:id`, ({ store, ids, origin }) =>
    found(byId(store.configurations, ids[0] ?? ""), (one) =>
      ok(documents.configurationDocument(one, origin)),
    ),
  ),
  route("POST", `${API}/runs`, createRun),
  route("GET", `${API}/runs/:id`, readRun),
  route("GET", `${API}/runs/:id/run-events`, (asked) => withRun(asked, () => page([]))),
  route("POST", `${API}/runs/:id/actions/apply`, act("apply")),
  route("POST", `${API}/runs/:id/actions/cancel`, act("cancel")),
  route("GET", `${API}/policy-checks/:id`, (asked) =>
    withRun(asked, (run) => ok(documents.policyDocument(run)), "polchk-"),
  ),
  route("GET", `${API}/policy-checks/:id/output`, () => ({
    status: 200,
    body: "no-public-buckets: failed\n",
  })),
  route("GET", `${API}/task-stages/:id`, (asked) =>
    withRun(
      asked,
      (run) => ok(documents.taskStageDocument(run), 200, [documents.taskResultDocument(run)]),
      "ts-",
    ),
  ),
  route("GET", `${API}/plans/:id`, phase("plans")),
  route("GET", `${API}/applies/:id`, phase("applies")),
  route("GET", `${API}/plans/:id/json-output`, planJson("json", ["admin"])),
  route("GET", `${API}/plans/:id/json-output-redacted`, planJson("redacted", ["plan", "write", "admin"])),
  // What HCP Terraform keeps in a store of its own, behind addresses that need no token.
  route("PUT", "/archives/:id", upload),
  route("GET", "/logs/:id", readLog),
  route("GET", "/plans/:id/:id", ({ store, ids: [id, name] }) =>
    found(
      store.runs.find(({ plan }) => plan.id === id),
      ({ json, redacted }) => ({ status: 200, body: name === "json" ? json : redacted }),
    ),
  ),
  route("GET", "/states/:id", (asked) =>
    withWorkspace(asked, ({ state }) => ({ status: 200, body: readFileSync(state) })),
  ),
];
