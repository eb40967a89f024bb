/** What the console asks of AWS over all its pages, against the running platform, and what it does where it may not. */
import { readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { type App, appOf } from "../../console/app";
import { IN_AWS, LOCAL } from "../../console/aws/pace";
import { permissionsIn, placesOf } from "../../console/aws/permissions";
import { type Action, READS } from "../../console/aws/reads";
import { placeOf, readDeclared } from "../../console/system/declared";
import { makeActivity } from "../../local/activity";
import { type Platform, startPlatform } from "../../local/platform";
import { identityPolicy } from "../../modules/policy";
import { allows, statementsIn } from "../stacks/account/evaluate";
import { type Front, startFront } from "../support/aws-front";
import { newFolder } from "./support/fixture";
import { until } from "./support/until";

type Access = { readonly action: string; readonly resource: string };

const isMetric = ({ action }: Access): boolean => action === "cloudwatch:GetMetricStatistics";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const ALL: ReadonlyArray<readonly [operation: string, action: Action]> = Object.values(READS).flatMap(
  (operations): ReadonlyArray<readonly [string, Action]> => Object.entries(operations),
);

/** Of nine functions their calls and errors, of three queues the age of their oldest message. */
const METRICS = 21;

/** Every access that the console's calls needed. */
const asked: Access[] = [];
let platform: Platform;
let front: Front;
let paths: ReadonlyArray<string> = [];

const app = (endpoint: string): App =>
  appOf({ stack: platform.stackFolder, aws: { endpoint, credentials }, pace: LOCAL });

const answer = async (shown: App, path: string) => {
  const { status, body } = await shown.answer(new URL(path, "http://console"));
  return { status, text: JSON.stringify(body) };
};

const answers = async (shown: App) => {
  const said = [];
  for (const path of paths) said.push({ path, ...(await answer(shown, path)) });
  return [...said, { path: "live", status: 200, text: JSON.stringify(await shown.live()) }];
};

beforeAll(async () => {
  platform = await startPlatform({
    data: newFolder(),
    port: 0,
    awsPort: 0,
    schedule: "rate(2 seconds)",
    activity: makeActivity(() => undefined, false),
    observe: (call) => {
      const read = call.asked();
      if (call.caller.kind === "operator" && E.isRight(read)) asked.push(...read.right.accesses);
    },
    onDeath: (error) => {
      throw error;
    },
  });
  front = await startFront(platform.awsUrl);
  await fetch(`${platform.apiUrl ?? ""}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders: [{ order_id: 7, product: "P", power: 1 }] }),
  });
  const shown = app(platform.awsUrl);
  const { text } = await until(
    () => answer(shown, "/api/orders/7"),
    (order) => order.text.includes('"title":"Archived"') && order.text.includes('"run":'),
  );
  const run = /"run":"([\w-]+)"/.exec(text)?.[1] ?? "";
  paths = [
    "/api/about",
    "/api/map",
    "/api/orders",
    "/api/orders?status=accepted&product=P",
    "/api/orders/7",
    "/api/metrics?span=24h",
    "/api/runs",
    `/api/runs/${run}`,
    "/api/queues",
    "/api/functions",
    "/api/functions/local-place-orders",
    "/api/announcements",
    "/api/permissions",
    "/api/faults",
  ];
});

afterAll(async () => {
  front.close();
  await platform.stop();
});

describe("the console over all its pages", () => {
  let needed: ReadonlyArray<Access>;
  beforeAll(async () => {
    asked.length = 0;
    await answers(app(platform.awsUrl));
    needed = [...asked];
  });

  it("calls everything on its list, and nothing else", () => {
    expect([...new Set(needed.map(({ action }) => action))].sort()).toEqual(
      ALL.map(([, action]) => action).sort(),
    );
  });

  it("needs what its policy allows, and all of that", () => {
    const permissions = permissionsIn(placeOf(readDeclared(platform.stackFolder)));
    const policy = statementsIn(identityPolicy(permissions));
    expect(needed.filter((access) => !allows(policy, access))).toEqual([]);
    const alone = permissions.flatMap(({ actions, resources }) =>
      actions.flatMap((action) =>
        resources.map((resource) => identityPolicy([{ actions: [action], resources: [resource] }])),
      ),
    );
    expect(alone.filter((one) => !needed.some((access) => allows(statementsIn(one), access)))).toEqual([]);
  });
});

const MetricsPage = t.type({
  charts: t.array(
    t.type({ title: t.string, lines: t.array(t.type({ label: t.string, values: t.array(t.unknown) })) }),
  ),
  awarded: t.type({ orders: t.number, products: t.array(t.unknown) }),
  problems: t.array(t.string),
});

type MetricsPage = t.TypeOf<typeof MetricsPage>;

/** The numbers of a line, without the periods that have none. */
const valuesOf = ({ charts }: MetricsPage, title: string, label: string) =>
  charts
    .find((chart) => chart.title === title)
    ?.lines.find((line) => line.label === label)
    ?.values.filter((value) => value !== null && value !== 0) ?? [];

it.each(["1h", "6h", "24h", "7d"])("reads over %s what was counted, and what was awarded", async (span) => {
  const shown = app(platform.awsUrl);
  const read = async (): Promise<MetricsPage> => {
    const { body } = await shown.answer(new URL(`/api/metrics?span=${span}`, "http://console"));
    if (!MetricsPage.is(body)) throw new Error(JSON.stringify(body));
    return body;
  };
  const counted = (page: MetricsPage, ...statuses: ReadonlyArray<string>) =>
    statuses.flatMap((status) => valuesOf(page, "Orders by the status they got", status));
  const page = await until(read, (one) => counted(one, "accepted", "rejected").length > 0);
  expect(page.problems).toEqual([]);
  expect(counted(page, "received", "submitted", "expired")).toEqual([1, 1]);
  expect(counted(page, "accepted", "rejected")).toEqual([1]);
  for (const to of ["submitted", "decided"])
    for (const statistic of ["p50", "p95", "Maximum"])
      expect(valuesOf(page, `From received to ${to}`, statistic)).toHaveLength(1);
  expect(valuesOf(page, "Age of the newest results", "age")).not.toEqual([]);
  expect(page.awarded.products).toEqual(
    counted(page, "accepted").length === 0 ? [] : [{ product: "P", orders: 1, bought: 1, sold: 0 }],
  );
});

it("has no other span", async () => {
  expect(await answer(app(platform.awsUrl), "/api/metrics?span=2h")).toMatchObject({
    status: 400,
    text: expect.stringContaining("expected one of 1h, 6h, 24h, 7d"),
  });
});

const pacedAsInAws = () =>
  appOf({
    stack: platform.stackFolder,
    aws: { endpoint: platform.awsUrl, credentials },
    pace: IN_AWS,
  });

// Before anything is refused: what is tried again comes late.
it("asks AWS as often as docs/console.md says: for metrics once a minute, for the rest every ten seconds", async () => {
  const shown = pacedAsInAws();
  asked.length = 0;
  await shown.live();
  const first = asked.splice(0);
  await shown.live();
  expect(first.filter(isMetric)).toHaveLength(METRICS);
  expect(asked.filter(isMetric)).toEqual([]);
  expect(asked).toHaveLength(first.length - METRICS);
  const page = readFileSync("docs/console.md", "utf8");
  expect(page).toContain(`${asked.length} requests, of which 48 count orders`);
  expect(page).toContain(`${METRICS} a minute. These are ${6 * asked.length + METRICS} requests a minute`);
});

it("asks for metrics as often as docs/console.md says: once a minute, whatever pages are open", async () => {
  const shown = pacedAsInAws();
  asked.length = 0;
  await answer(shown, "/api/metrics");
  const first = asked.splice(0);
  await answer(shown, "/api/metrics?span=1h");
  expect(asked).toEqual([]);
  const metrics = first.filter(isMetric).length;
  expect(readFileSync("docs/console.md", "utf8")).toContain(
    `${metrics} requests for metrics a minute and ${first.length - metrics} for what was awarded`,
  );
});

it.each(ALL)("without %s says so, and shows the rest", async (operation, action) => {
  const message = `User: arn:aws:iam::000000000000:user/reader is not authorized to perform: ${action} on resource: this one`;
  const method = action === "s3:GetObject" ? "GET" : operation;
  front.refuse({ [method]: { status: 403, name: "AccessDenied", message } });
  const said = await answers(app(front.url));
  front.refuse({});
  const place = placeOf(readDeclared(platform.stackFolder));
  const missing = `a permission is missing: ${action} on ${placesOf(place, action)}`;
  expect(said.filter(({ text }) => text.includes(missing)).length).toBeGreaterThan(0);
  // Pages that only this operation could fill say it in place of their content, and none breaks.
  const empty = said.filter(({ status }) => status !== 200);
  expect(empty.filter(({ status }) => status >= 500)).toEqual([]);
  expect(empty.length).toBeLessThan(said.length / 2);
});

it.each([
  ["credentials that have ended", 400, "ExpiredTokenException", /log in again/],
  ["throttling", 400, "ThrottlingException", /AWS throttles/],
  ["an outage", 503, "ServiceUnavailable", /AWS does not answer/],
])("tells of %s on every page", async (_, status, name, words) => {
  front.refuse({ "*": { status, name, message: "asked too much" } });
  const { trouble } = await app(front.url).live();
  front.refuse({});
  expect(trouble).toMatch(words);
});
