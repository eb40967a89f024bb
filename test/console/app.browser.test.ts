/** The console of a deployed environment as a person uses it; the local platform stands in for AWS. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Environment } from "../../environments/environment";
import { endAll, type PlatformProcess, startProcess } from "../platform/support/platform-process";
import { type Front, startFront } from "../support/aws-front";
import { type Finished, run, runCommand } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";
import { launch, openPage, violationsOf } from "./support/browser";

const NAME = "trial";
const folder = temporaryFolder("deployed");
const environments = join(folder, "environments");
/** Whoever looks, and places orders. */
const caller = {
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  ORDERS_ENVIRONMENTS: environments,
};

let platform: PlatformProcess;
let front: Front;
let browser: Browser;
let page: Page;
let url = "";
let ended: Promise<Finished>;
let interrupt: (signal?: NodeJS.Signals) => void;

/** An environment that nothing but its endpoint tells from a deployed one. */
const writeEnvironment = (endpoint: string): void => {
  const local = JSON.parse(readFileSync("environments/local.json", "utf8")) as Environment;
  const { results, sweep } = local.schedules;
  const trial: Environment = {
    ...local,
    name: NAME,
    endpoint,
    api: { ...local.api, auth: { type: "iam" } },
    schedules: { results: { ...results, expression: "rate(1 minute)" }, sweep },
    slack_webhook_parameter: `/orders/${NAME}/slack-webhook`,
    tags: { ...local.tags, environment: NAME },
  };
  writeFileSync(join(environments, `${NAME}.json`), JSON.stringify(trial));
};

const startPlatform = async (): Promise<PlatformProcess> => {
  const out = join(folder, "out");
  const { code, stderr } = await run(
    process.execPath,
    ["dist/main.js", "--environment", NAME, "--outdir", out],
    { changes: caller },
  );
  if (code !== 0) throw new Error(stderr);
  const stack = join(out, "stacks", NAME);
  return startProcess(["--stack", stack, "--data", join(folder, "data"), "--schedule", "rate(3 seconds)"]);
};

const startConsole = (): Promise<string> =>
  new Promise((resolve, reject) => {
    ended = runCommand("console", [NAME, "--port", "0"], {
      changes: caller,
      seconds: 600,
      onStart: (stop) => (interrupt = stop),
      onOutput: (stdout) => {
        const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout) ?? [];
        if (found !== undefined) resolve(found);
      },
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });

const denied = (action: string) => ({
  status: 400,
  name: "AccessDeniedException",
  message: `User: arn:aws:iam::000000000000:user/reader is not authorized to perform: ${action} on resource: x`,
});

beforeAll(async () => {
  mkdirSync(environments);
  writeEnvironment("http://127.0.0.1:9");
  platform = await startPlatform();
  front = await startFront(platform.awsUrl);
  writeEnvironment(front.url);
  url = await startConsole();
  browser = await launch();
  page = await openPage(browser, { scheme: "light", width: 1280 });
  page.setDefaultTimeout(120_000);
});

afterAll(async () => {
  await browser.close();
  front.close();
  interrupt("SIGKILL");
  endAll();
});

it("says which environment it shows, and leaves out what only the local platform has", async () => {
  await page.goto(url);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByText(NAME, { exact: true }).waitFor();
  expect(await pages.getByRole("listitem").allTextContents()).toEqual([
    "Map",
    "Orders",
    "Metrics",
    "Runs",
    "Queues",
    "Functions",
    "Permissions",
    "API",
  ]);
  await page
    .getByRole("link", { name: /^table orders / })
    .getByText("no orders")
    .waitFor();
});

it("shows an order that was placed, and its history to the end", async () => {
  const file = join(folder, "orders.json");
  writeFileSync(file, JSON.stringify({ orders: [{ order_id: 7, product: "Product1", power: 2 }] }));
  const { code } = await runCommand(
    "submit",
    [file, "--endpoint", platform.apiUrl, "--region", "eu-central-1"],
    { changes: caller },
  );
  expect(code).toBe(0);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await page.getByRole("link", { name: "7", exact: true }).click();
  const history = page.getByRole("list", { name: "History" });
  for (const title of ["Received", "orders placed", "page archived"])
    await history.getByText(title, { exact: true }).first().waitFor();
  await history.getByText(/^(Accepted|Rejected)$/).waitFor();
});

it("draws the same metrics, or says which permission is missing", async () => {
  await page.getByRole("link", { name: "Metrics", exact: true }).click();
  await page.getByRole("img", { name: /^received: 1 in the last hour/ }).waitFor();
  front.refuse({ GetMetricStatistics: denied("cloudwatch:GetMetricStatistics") });
  await page.goto(`${url}/metrics?span=6h`);
  await page.getByText("a permission is missing: cloudwatch:GetMetricStatistics on *").waitFor();
  await page.getByRole("img", { name: "received: could not be read" }).waitFor();
  await page
    .getByRole("region", { name: "From received to decided" })
    .getByText("It could not be read.")
    .waitFor();
  await page.getByRole("heading", { name: "Awarded power by product" }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  front.refuse({});
  await page.getByRole("img", { name: /^received: 1 in the last 6 hours/ }).waitFor();
});

it("shows what roles are granted, and where AWS's decisions stand", async () => {
  await page.getByRole("link", { name: "Permissions", exact: true }).click();
  await page.getByText("CloudTrail").waitFor();
  await page.getByRole("combobox", { name: "Role" }).selectOption(`${NAME}-place-orders`);
  await page.getByRole("region", { name: "Grants" }).getByText("dynamodb:PartiQLInsert").first().waitFor();
});

it("switches no fault", async () => {
  const response = await fetch(`${url}/api/faults/calls[0]`, {
    method: "PUT",
    headers: { origin: url },
    body: '{"on":true}',
  });
  expect(response.status).toBe(404);
  await page.goto(`${url}/faults`);
  await page.getByText("Faults are injected by the local platform only.").waitFor();
  expect(await page.getByRole("switch").count()).toBe(0);
});

it("says which permission is missing, and shows the rest", async () => {
  front.refuse({ GetQueueAttributes: denied("sqs:GetQueueAttributes") });
  await page.goto(`${url}/queues`);
  await page.getByText(`sqs:GetQueueAttributes on arn:aws:sqs:eu-central-1:000000000000:${NAME}-*`).waitFor();
  await page.getByRole("row", { name: new RegExp(`^${NAME}-orders work`) }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  front.refuse({});
  await page.getByText("a permission is missing").waitFor({ state: "detached" });
});

it("says on every page that AWS throttles, and shows what there is once it answers again", async () => {
  const throttled = { status: 400, name: "ThrottlingException", message: "Rate exceeded" };
  front.refuse({ "*": throttled });
  await page.goto(`${url}/permissions`);
  await page.getByText(/^AWS throttles /).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  front.refuse({});
  await page.getByText(/^AWS throttles /).waitFor({ state: "detached" });
});

it("fits a phone", async () => {
  const phone = await openPage(browser, { scheme: "dark", width: 390 });
  await phone.goto(`${url}/permissions`);
  await phone.getByText("CloudTrail").waitFor();
  await phone.getByRole("region", { name: "Grants" }).waitFor();
  expect(await violationsOf(phone)).toEqual([]);
  const overflow: unknown = await phone.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  expect(overflow).toBe(0);
  await phone.context().close();
});

it("ends with Ctrl-C, though a page is open", async () => {
  interrupt("SIGINT");
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
  await page.getByText("not connected").waitFor();
});
