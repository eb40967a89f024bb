import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtIn, type Checkout } from "../support/checkout";
import { temporaryFolder } from "../support/temporary-folder";
import { ask, postOrders } from "./support/ask";
import { endAll, startProcess } from "./support/platform-process";
import { until } from "./support/until";

afterAll(endAll);

let checkout: Checkout;

const edit = (file: string, from: string, to: string): void => {
  const path = join(checkout.folder, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};

beforeAll(() => {
  checkout = builtIn(join(temporaryFolder("watch"), "clone"));
  // All files take a minute of processor time: the stack's, and what it imports.
  edit("tsconfig.json", '"include": [', '"include": ["stacks/orders-stack.ts"], "all": [');
});

it("runs what is saved, keeps what is stored, and shows what is wrong with it", async () => {
  const platform = await startProcess(
    ["--data", join(checkout.folder, ".local"), "--watch"],
    {},
    checkout.folder,
  );
  const shows = (text: string | RegExp) => until(platform.output, (output) => new RegExp(text).test(output));
  await shows("watching the sources");
  const url = `${platform.apiUrl}/orders`;
  const orders = [{ order_id: 1, product: "Product1", power: 1 }];
  const posted = await postOrders(platform.apiUrl, orders);
  expect(posted.status).toBe(201);
  expect((await ask(`${url}/2`)).status).toBe(404);

  edit("functions/http/problem.ts", "No order has this id,", "There never was an order,");
  await shows(/build +auction-simulator, cancel-orders, place-orders, query-orders swapped/);
  expect(await (await ask(`${url}/2`)).text()).toContain("There never was an order");
  expect(await (await ask(`${url}/1`)).json()).toMatchObject({ order_id: 1 });

  edit("functions/http/problem.ts", '"There never was an order,', "There never was an order,");
  await shows(/warning +build: functions\/http\/problem\.ts:\d+:\d+: /);
  expect(await (await ask(`${url}/2`)).text()).toContain("There never was an order");
  execFileSync("git", ["checkout", "--quiet", "functions"], { cwd: checkout.folder });

  edit("stacks/orders-stack.ts", "maxReceiveCount: DELIVERIES", "maxReceiveCount: DELIVERIES + 1");
  await shows("the stack is another now: restart npm start to run it");
  edit("stacks/orders-stack.ts", "DELIVERIES + 1", '"many"');
  await shows(/warning +types: stacks\/orders-stack\.ts\(\d+,\d+\): error TS/);
  expect((await platform.end("SIGTERM")).code).toBe(0);
});
