/** `npm run screenshots`: every page of the console as docs/images shows it. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { readFileSync } from "node:fs";
import { command, main, run } from "../../lib/command";
import { type PlatformProcess, startProcess } from "../platform/support/platform-process";
import { until } from "../platform/support/until";
import { launch, type Looks, openPage } from "./support/browser";

const FOLDER = "docs/images";

const WIDE: Looks = { scheme: "light", width: 1280, height: 800 };

type Picture = { readonly name: string; readonly path: string; readonly looks: Looks };

const pictures = (run: string): ReadonlyArray<Picture> => [
  { name: "map", path: "/", looks: WIDE },
  {
    name: "map-dark",
    path: "/?node=aws_lambda_function.submit_orders",
    looks: { ...WIDE, scheme: "dark" },
  },
  { name: "map-phone", path: "/", looks: { ...WIDE, width: 390 } },
  { name: "orders", path: "/orders", looks: WIDE },
  { name: "order", path: "/orders/7", looks: WIDE },
  { name: "metrics", path: "/metrics", looks: WIDE },
  { name: "runs", path: "/runs", looks: WIDE },
  { name: "run", path: `/runs/${run}`, looks: WIDE },
  { name: "queues", path: "/queues", looks: WIDE },
  { name: "functions", path: "/functions", looks: WIDE },
  { name: "function", path: "/functions/local-submit-orders", looks: WIDE },
  { name: "announcements", path: "/announcements", looks: WIDE },
  { name: "permissions", path: "/permissions", looks: WIDE },
  { name: "faults", path: "/faults", looks: WIDE },
  { name: "api", path: "/reference", looks: WIDE },
];

const body = async (url: string): Promise<string> => (await fetch(url)).text();

/** So that the page has been told how things stand. */
const SETTLE_MS = 2_500;

/** The eight orders of the example, decided and announced. @returns the run that decided order 7 */
const played = async ({ apiUrl, consoleUrl }: PlatformProcess): Promise<string> => {
  await fetch(`${apiUrl}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: readFileSync("test/fixtures/orders.json"),
  });
  await until(
    () => body(`${consoleUrl}/api/announcements`),
    (text) => text.includes("order 7"),
  );
  await sleep(SETTLE_MS);
  const history = await body(`${consoleUrl}/api/orders/7`);
  return /"run":"([\w-]+)"/.exec(history)?.[1] ?? "";
};

const take = async (browser: Browser, platform: PlatformProcess, picture: Picture): Promise<void> => {
  const page = await openPage(browser, picture.looks);
  await page.goto(`${platform.consoleUrl}${picture.path}`);
  await sleep(SETTLE_MS);
  await page.screenshot({ path: join(FOLDER, `console-${picture.name}.png`) });
  await page.context().close();
};

const screenshots = command("screenshots")
  .description(
    `start the platform, have the example decided, and write every page of the console to ${FOLDER}`,
  )
  .addHelpText(
    "after",
    `
Environment: CHROMIUM, the path of a Chromium (default: where it is usually installed).

Exit status: 0 they are written; 1 the platform did not do it, or there is no Chromium.`,
  )
  .action(() =>
    run(1, async () => {
      const data = mkdtempSync(join(tmpdir(), "console-"));
      const browser = await launch();
      const platform = await startProcess(["--console-port", "0", "--data", data]);
      try {
        mkdirSync(FOLDER, { recursive: true });
        for (const picture of pictures(await played(platform))) await take(browser, platform, picture);
      } finally {
        await browser.close();
        await platform.end("SIGTERM");
        rmSync(data, { recursive: true, force: true });
      }
      return 0;
    }),
  );

void main(screenshots);
