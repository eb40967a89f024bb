/** The console as a person uses it: the platform is started, an order posted, and looked at in a real browser. */
import type { Browser, Page } from "playwright-core";
import { endAll, type PlatformProcess, startProcess } from "../platform/support/platform-process";
import { run, runCommand } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";
import { launch, openPage, violationsOf } from "./support/browser";

let platform: PlatformProcess;
let browser: Browser;
let page: Page;
/** Of the run that decided the order, once it is known. */
let runPath = "";
/** Every address that the browser asked. */
const asked: string[] = [];
const complaints: string[] = [];

const listen = (to: Page): void => {
  to.setDefaultTimeout(90_000);
  to.on("request", (request) => asked.push(request.url()));
  to.on("pageerror", ({ message }) => complaints.push(message));
  to.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
};

const go = (shown: Page, path: string) => shown.goto(`${platform.consoleUrl}${path}`);

const open = async (path: string): Promise<Page> => {
  const opened = await openPage(browser, { scheme: "light", width: 1280 });
  listen(opened);
  await go(opened, path);
  return opened;
};

const post = (orders: ReadonlyArray<object>) =>
  fetch(`${platform.apiUrl}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders }),
  });

/** A name from outside that would run, were it ever taken for markup. */
const HOSTILE = '<img src=x onerror="document.title=1">';

beforeAll(async () => {
  browser = await launch();
  platform = await startProcess(["--console-port", "0", "--data", temporaryFolder("console")]);
  page = await open("/");
});

afterAll(async () => {
  await browser.close();
  endAll();
});

it("says that there are no orders yet, and how to post some", async () => {
  const orders = await open("/orders");
  await orders.getByText("No order was posted yet.").waitFor();
  await orders.context().close();
});

it("shows an order reach its end on the map", async () => {
  const table = page.getByRole("link", { name: /^table orders / });
  await table.getByText("no orders").waitFor();
  expect((await post([{ order_id: 7, product: HOSTILE, power: -4 }])).status).toBe(201);
  await table.getByText(/^1 (accepted|rejected)$/).waitFor({ timeout: 120_000 });
});

it("opens a resource's configuration and grants, by keyboard, and closes it", async () => {
  const node = page.getByRole("link", { name: /^function submit-orders/ });
  await node.focus();
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: "local-submit-orders" });
  await details.getByText("256 MB").waitFor();
  await details.getByText("dynamodb:BatchGetItem").waitFor();
  expect(new URL(page.url()).searchParams.get("node")).toBe("aws_lambda_function.submit_orders");
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
});

it("finds the order by status and product, with both in the address", async () => {
  await page.getByRole("link", { name: "Orders", exact: true }).last().click();
  await page.getByRole("row", { name: /^7 / }).waitFor();
  await page.getByRole("searchbox", { name: "Product" }).fill("IMG SRC");
  await page.getByRole("row", { name: /^7 / }).waitFor();
  expect(page.url()).toContain("product=IMG+SRC");
  await page.getByRole("link", { name: /^received/ }).click();
  await page.getByText("No order is as the filters ask.").waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "7", exact: true }).click();
});

it("tells the order's history from its request to its result", async () => {
  const history = page.getByRole("list", { name: "History" });
  for (const title of ["Received", "orders placed", "page archived"])
    await history.getByText(title, { exact: true }).waitFor();
  await history.getByText(/^(Accepted|Rejected)$/).waitFor();
});

it("shows what comes from outside as it is", async () => {
  await page.getByText(HOSTILE).first().waitFor();
  expect(await page.title()).toBe("Order 7 · Orders platform");
});

it("leads from the order to the run that decided it, and shows the way that took", async () => {
  await page.getByRole("list", { name: "History" }).getByRole("link", { name: /^run / }).first().click();
  const steps = page.getByRole("list", { name: "Steps" });
  await steps.getByText("ArchiveResults", { exact: true }).first().waitFor();
  runPath = new URL(page.url()).pathname;
  await page.getByText("succeeded", { exact: true }).waitFor({ timeout: 120_000 });
  await steps.getByText("Input", { exact: true }).first().click();
  await steps.locator("pre").first().waitFor();
  await page.getByRole("img", { name: /FetchResults: done/ }).waitFor();
});

it("shows queues, and functions with their calls and logs", async () => {
  await page.getByRole("link", { name: "Queues", exact: true }).click();
  await page.getByRole("row", { name: /^local-orders work 0 0 0/ }).waitFor();
  await page.getByRole("link", { name: "Functions", exact: true }).click();
  await page.getByRole("row", { name: /^local-place-orders 1 0 0/ }).waitFor();
  await page.getByRole("link", { name: "local-place-orders" }).click();
  await page.getByRole("list", { name: "Log" }).getByText("orders placed").waitFor();
  await page.getByRole("searchbox").fill("nothing like this");
  await page.getByText("It has logged nothing with this text").waitFor();
});

it("shows an announcement as Slack does", async () => {
  await page.getByRole("link", { name: "Announcements", exact: true }).click();
  await page.getByText("Nothing was announced yet").or(page.getByText(HOSTILE)).first().waitFor();
  // Some of so many are rejected.
  await post(
    Array.from({ length: 20 }, (_, index) => ({ order_id: 100 + index, product: HOSTILE, power: 5 })),
  );
  const posts = page.getByRole("list", { name: "Announcements" });
  await posts
    .getByText(/rejected by the auction$/)
    .first()
    .waitFor({ timeout: 120_000 });
  await posts.getByText(HOSTILE).first().waitFor();
});

it("draws how many orders got which status, how long it took, and what was awarded", async () => {
  await page.getByRole("link", { name: "Metrics", exact: true }).click();
  for (const plot of [/^received: 21 in the last hour/, /^p50: .* now.*; p95: .*; Maximum: /, /^age: .* now/])
    await page.getByRole("img", { name: plot }).first().waitFor();
  const orders = page.getByRole("region", { name: "Orders by the status they got" });
  await orders.getByText("Numbers").press("Enter");
  await orders.getByRole("columnheader", { name: "accepted" }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  const awarded = page.getByRole("region", { name: "Awarded power by product" });
  await awarded.getByRole("row", { name: HOSTILE }).waitFor();
  await page.getByRole("link", { name: "7 days" }).click();
  await page.getByRole("img", { name: /^received: 21 in the last 7 days/ }).waitFor();
  expect(new URL(page.url()).searchParams.get("span")).toBe("7d");
});

it("shows what each role was allowed, and what it has not needed yet", async () => {
  await page.getByRole("link", { name: "Permissions", exact: true }).click();
  await page.getByText("Nothing was denied since the platform was started.").waitFor();
  await page.getByRole("combobox", { name: "Role" }).selectOption("local-place-orders");
  expect(new URL(page.url()).searchParams.get("role")).toBe("local-place-orders");
  await page
    .getByRole("region", { name: "Used grants" })
    .getByText("dynamodb:PartiQLInsert")
    .first()
    .waitFor();
  await page.getByRole("region", { name: "Unused grants" }).getByText("dynamodb:").first().waitFor();
});

it("switches a fault on, shows it at work, and switches it off again", async () => {
  await page.getByRole("link", { name: "Faults", exact: true }).click();
  await page.getByText("No fault was injected yet").waitFor();
  const fault = page.getByRole("switch", { name: "sqs SendMessage*: answered 503 ServiceUnavailable" });
  const switched = () => page.waitForResponse((answer) => answer.request().method() === "PUT");
  await Promise.all([switched(), fault.check()]);
  // Stored, and left to the sweep.
  expect((await post([{ order_id: 200, product: "P", power: 1 }])).status).toBe(201);
  const injected = page.getByRole("list", { name: "Injected faults" });
  await injected
    .getByText(/^sqs SendMessage\w*: answered 503 ServiceUnavailable$/)
    .first()
    .waitFor();
  await Promise.all([switched(), fault.uncheck()]);
  await page.reload();
  await fault.waitFor();
  expect(await fault.isChecked()).toBe(false);
});

it("tells what the API takes and answers, with requests that can be pasted", async () => {
  const reference = await open("/reference#getHealth");
  await reference.getByRole("heading", { name: "GET /health" }).waitFor();
  const placing = reference.getByRole("region", { name: "POST /orders" });
  await placing
    .getByRole("region", { name: "Body of placeOrders" })
    .getByRole("row", { name: /^orders/ })
    .waitFor();
  const answer = placing.locator("summary", { hasText: /^409/ });
  await answer.focus();
  await reference.keyboard.press("Enter");
  await placing.getByRole("cell", { name: "An order id is taken by another order" }).waitFor();
  await reference.context().grantPermissions(["clipboard-write", "clipboard-read"]);
  await placing.getByRole("button", { name: "Copy" }).press("Enter");
  await placing.getByText("copied", { exact: true }).waitFor();
  const copied: unknown = await reference.evaluate("navigator.clipboard.readText()");
  const { stdout } = await run("sh", [
    "-c",
    String(copied).replace("http://127.0.0.1:3000", platform.apiUrl).replace("101", "301"),
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ orders: [{ order_id: 301, outcome: "stored" }] });
  await reference.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
  expect(await violationsOf(reference)).toEqual([]);
  await reference.context().close();
});

it("says that an order is not there", async () => {
  const absent = await open("/orders/404");
  await absent.getByRole("alert").getByText("There is no order 404").waitFor();
  await absent.context().close();
  expect(complaints.splice(0).filter((text) => !text.includes("status of 404"))).toEqual([]);
});

describe("everybody can use", () => {
  // Each page is loaded once, as a browser's own start and every load of a page take the most time here.
  let shown: Page;
  beforeAll(async () => {
    shown = await open("/");
  });
  afterAll(() => shown.context().close());

  it.each([
    "/",
    "/?node=aws_lambda_function.submit_orders",
    "/orders",
    "/orders/7",
    "/metrics",
    "/metrics?span=7d",
    "/runs",
    "/runs/RUN",
    "/queues",
    "/functions",
    "/functions/local-place-orders",
    "/announcements",
    "/permissions",
    "/faults",
    "/reference",
    "/nowhere",
  ])("%s, light and dark, on a phone too", async (path) => {
    await go(shown, path.replace("/runs/RUN", runPath));
    await shown.getByText("Loading …").waitFor({ state: "detached" });
    for (const width of [1280, 390]) {
      await shown.setViewportSize({ width, height: 900 });
      const overflow: unknown = await shown.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect({ width, overflow }).toEqual({ width, overflow: 0 });
      for (const colorScheme of ["light", "dark"] as const) {
        await shown.emulateMedia({ colorScheme });
        const violations = await violationsOf(shown);
        expect({ width, colorScheme, violations }).toEqual({ width, colorScheme, violations: [] });
      }
    }
  });
});

it("says on every page that trading is halted, marks the way to the auction, and forgets it once it is resumed", async () => {
  const say = (command: string) => runCommand(command, ["local", HOSTILE, "--endpoint", platform.awsUrl]);
  expect(await say("halt")).toMatchObject({ code: 0 });
  const shown = await open("/");
  for (const path of [
    "/",
    "/orders",
    "/orders/7",
    "/runs",
    "/queues",
    "/functions",
    "/announcements",
    "/no",
  ]) {
    await go(shown, path);
    await shown.getByText("Trading is halted", { exact: true }).waitFor();
    await shown.getByText(HOSTILE).first().waitFor();
  }
  await shown.context().close();
  const map = await open("/");
  for (const name of [/^queue, halted orders /, /^function, halted submit-orders /, /^API, halted /])
    await map.getByRole("link", { name }).waitFor();
  expect(await map.locator("path.edge.halted").count()).toBe(2);
  expect(await violationsOf(map)).toEqual([]);
  expect(await say("resume")).toMatchObject({ code: 0 });
  await map.getByText("Trading is halted", { exact: true }).waitFor({ state: "detached" });
  expect(await map.locator("path.edge.halted").count()).toBe(0);
  await map.context().close();
});

it("asks no other host, and complains of nothing", () => {
  expect(asked.filter((url) => !url.startsWith(`${platform.consoleUrl}/`))).toEqual([]);
  expect(complaints).toEqual([]);
});

it("says when the platform has ended", async () => {
  const left = await open("/orders");
  await left.getByText("live", { exact: true }).waitFor();
  await platform.end("SIGTERM");
  await left.getByText("not connected").waitFor();
});
