import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as t from "io-ts";
import * as documents from "./documents";
import type { Runner } from "./runs";
import { byId, type Run, type Store, type Workspace } from "./store";

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

/** The names HCP Terraform filters runs by. */
const operationOf = ({ kind }: Run): string => {
  if (kind.planOnly) return "plan_only";
  if (kind.refreshOnly) return "refresh_only";
  if (kind.destroy) return "destroy";
  return kind.savePlan ? "save_plan" : "plan_and_apply";
};

const isAsked = ({ searchParams }: URL, filter: string, value: string): boolean =>
  searchParams.get(`filter[${filter}]`)?.split(",").includes(value) ?? true;

export const problem = (status: number, title: string): Answer => ({
  status,
  body: { errors: [{ status: String(status), title }] },
});
const notFound = problem(404, "not found");
const ok = (data: unknown, status = 200): Answer => ({ status, body: { data } });
const page = (data: ReadonlyArray<unknown>): Answer => ({
  status: 200,
  body: {
    data,
    meta: {
      pagination: { "current-page": 1, "total-pages": 1, "total-count": data.length, "page-size": 100 },
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
const withRun = ({ store, ids }: Asked, answer: (run: Run) => Answer): Answer =>
  found(byId(store.runs, ids[0] ?? ""), answer);

const Reference = t.type({ data: t.type({ id: t.string }) });
const flag = t.union([t.boolean, t.null, t.undefined]);
const NewRun = t.type({
  data: t.type({
    attributes: t.partial({
      message: t.string,
      "plan-only": flag,
      "save-plan": flag,
      "refresh-only": flag,
      "auto-apply": flag,
      "is-destroy": flag,
    }),
    relationships: t.intersection([
      t.type({ workspace: Reference }),
      t.partial({ "configuration-version": Reference }),
    ]),
  }),
});
const NewConfiguration = t.type({ data: t.type({ attributes: t.partial({ speculative: flag }) }) });
const NewWorkspace = t.type({ data: t.type({ attributes: t.type({ name: t.string }) }) });

const decoded = <A>(codec: t.Type<A, unknown>, { body }: Asked, answer: (value: A) => Answer): Answer => {
  const json: unknown = JSON.parse(body.toString());
  return codec.is(json) ? answer(json) : problem(422, "invalid attributes");
};

const createRun = (asked: Asked): Answer =>
  decoded(NewRun, asked, ({ data: { attributes, relationships } }) => {
    const { store, runner } = asked;
    const workspace = byId(store.workspaces, relationships.workspace.data.id);
    const configuration = store.configurations.findLast(
      ({ id, workspace: owner, status }) =>
        owner === workspace &&
        status === "uploaded" &&
        id === (relationships["configuration-version"]?.data.id ?? id),
    );
    if (configuration === undefined) return problem(422, "no configuration version was uploaded");
    const kind = {
      planOnly: (attributes["plan-only"] ?? false) || configuration.speculative,
      savePlan: attributes["save-plan"] ?? false,
      refreshOnly: attributes["refresh-only"] ?? false,
      autoApply: attributes["auto-apply"] ?? false,
      destroy: attributes["is-destroy"] ?? false,
    };
    const run = store.addRun(configuration, kind, attributes.message ?? "");
    runner.start(run);
    return ok(documents.runDocument(run), 201);
  });

const phase =
  (type: "plans" | "applies") =>
  (asked: Asked): Answer => {
    const phases = asked.store.runs.map((run) => (type === "plans" ? run.plan : run.apply));
    return found(byId(phases, asked.ids[0] ?? ""), (one) =>
      ok(documents.phaseDocument(type, one, asked.origin)),
    );
  };

const readLog = ({ store, ids, url }: Asked): Answer => {
  const phases = store.runs.flatMap((run) => [run.plan, run.apply]);
  return found(byId(phases, ids[0] ?? ""), ({ log }) => {
    const bytes = Buffer.from(log);
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? bytes.length);
    return { status: 200, body: bytes.subarray(offset, offset + limit) };
  });
};

const act =
  (action: "apply" | "discard" | "cancel") =>
  (asked: Asked): Answer =>
    withRun(asked, (run) =>
      asked.runner[action](run)
        ? { status: 202 }
        : problem(409, `transition not allowed: the run is ${run.status}`),
    );

const lock = (asked: Asked): Answer =>
  withWorkspace(asked, (workspace) => {
    if (workspace.lockedBy !== undefined) return problem(409, "workspace already locked");
    workspace.lockedBy = "a person";
    return ok(documents.workspaceDocument(workspace));
  });

const unlock = (asked: Asked): Answer =>
  withWorkspace(asked, (workspace) => {
    if (workspace.lockedBy !== "a person") return problem(409, "workspace not locked, or locked by a run");
    workspace.lockedBy = undefined;
    return ok(documents.workspaceDocument(workspace));
  });

const Serial = t.type({ serial: t.number });

const currentState = (asked: Asked): Answer =>
  withWorkspace(asked, (workspace) => {
    if (!existsSync(workspace.state)) return notFound;
    const state: unknown = JSON.parse(readFileSync(workspace.state, "utf8"));
    return ok(documents.stateVersionDocument(workspace, Serial.is(state) ? state.serial : 0, asked.origin));
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
  route("POST", `${API}/organizations/:id/workspaces`, (asked) =>
    decoded(NewWorkspace, asked, ({ data }) =>
      ok(
        documents.workspaceDocument(asked.store.addWorkspace(asked.organization, data.attributes.name)),
        201,
      ),
    ),
  ),
  route("GET", `${API}/organizations/:id/workspaces/:id`, ({ store, ids: [organization = "", name = ""] }) =>
    found(store.workspaceNamed(organization, name), (one) => ok(documents.workspaceDocument(one))),
  ),
  route("GET", `${API}/workspaces/:id`, (asked) =>
    withWorkspace(asked, (workspace) => ok(documents.workspaceDocument(workspace))),
  ),
  route("GET", `${API}/workspaces/:id/runs`, (asked) =>
    withWorkspace(asked, (workspace) =>
      page(
        asked.store.runs
          .filter((run) => run.workspace === workspace)
          .filter((run) => isAsked(asked.url, "status", run.status))
          .filter((run) => isAsked(asked.url, "operation", operationOf(run)))
          .map(documents.runDocument)
          .reverse()
          .slice(0, Number(asked.url.searchParams.get("page[size]") ?? 20)),
      ),
    ),
  ),
  route("GET", `${API}/workspaces/:id/current-state-version`, currentState),
  route("POST", `${API}/workspaces/:id/configuration-versions`, (asked) =>
    withWorkspace(asked, (workspace) =>
      decoded(NewConfiguration, asked, ({ data }) => {
        const made = asked.store.addConfiguration(workspace, data.attributes.speculative ?? false);
        return ok(documents.configurationDocument(made, asked.origin), 201);
      }),
    ),
  ),
  route("POST", `${API}/workspaces/:id/actions/lock`, lock),
  route("POST", `${API}/workspaces/:id/actions/unlock`, unlock),
  route("GET", `${API}/configuration-versions/:id`, ({ store, ids, origin }) =>
    found(byId(store.configurations, ids[0] ?? ""), (one) =>
      ok(documents.configurationDocument(one, origin)),
    ),
  ),
  route("POST", `${API}/runs`, createRun),
  route("GET", `${API}/runs/:id`, (asked) => withRun(asked, (run) => ok(documents.runDocument(run)))),
  route("GET", `${API}/runs/:id/policy-checks`, (asked) =>
    withRun(asked, ({ policies }) =>
      page(
        policies.map((status, index) => ({
          id: `polchk-${index}`,
          type: "policy-checks",
          attributes: { status },
        })),
      ),
    ),
  ),
  route("GET", `${API}/runs/:id/task-stages`, (asked) => withRun(asked, () => page([]))),
  route("GET", `${API}/runs/:id/run-events`, (asked) => withRun(asked, () => page([]))),
  route("POST", `${API}/runs/:id/actions/apply`, act("apply")),
  route("POST", `${API}/runs/:id/actions/discard`, act("discard")),
  route("POST", `${API}/runs/:id/actions/cancel`, act("cancel")),
  route("GET", `${API}/plans/:id`, phase("plans")),
  route("GET", `${API}/applies/:id`, phase("applies")),
  route("GET", `${API}/plans/:id/json-output`, ({ store, ids, origin }) => {
    const run = store.runs.find(({ plan }) => plan.id === ids[0]);
    if (run === undefined) return notFound;
    return run.plan.status === "finished"
      ? { status: 307, headers: { location: `${origin}/plans/${run.plan.id}` } }
      : { status: 204 };
  }),
  // What HCP Terraform keeps in a store of its own, behind addresses that need no token.
  route("PUT", "/archives/:id", upload),
  route("GET", "/logs/:id", readLog),
  route("GET", "/plans/:id", ({ store, ids }) =>
    found(
      store.runs.find(({ plan }) => plan.id === ids[0]),
      ({ json }) => ({ status: 200, body: json }),
    ),
  ),
  route("GET", "/states/:id", (asked) =>
    withWorkspace(asked, ({ state }) => ({ status: 200, body: readFileSync(state) })),
  ),
];
