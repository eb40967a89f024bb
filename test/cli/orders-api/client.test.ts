import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { callsTo, postOrders } from "../../../cli/orders-api/client";

type Canned = { readonly status: number; readonly text: string };

let server: Server;
let endpoint: URL;
let answer: Canned;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/stage//`);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ONCE = { attempts: 1 };

it("asks under the API's base, with everything of a query encoded", async () => {
  answer = { status: 200, text: '{"orders":[]}' };
  const api = callsTo(endpoint, ONCE);
  await api.list({ limit: 1, cursor: "a+b/c=", status: "accepted" })();
  await api.read(7)();
  expect(asked).toEqual([
    "GET /stage/orders?limit=1&cursor=a%2Bb%2Fc%3D&status=accepted",
    "GET /stage/orders/7",
  ]);
});

it.each([
  { status: 200, text: '{"a":1}', body: { a: 1 } },
  { status: 200, text: "<html>", body: undefined },
  { status: 200, text: "", body: undefined },
  { status: 404, text: '{"message":"Not Found"}', body: { message: "Not Found" } },
])("tells what came: $status $text", async ({ status, text, body }) => {
  answer = { status, text };
  expect(await callsTo(endpoint, ONCE).health()).toEqual({ _tag: "Right", right: { status, body } });
});

const order = { order_id: 1, product: "Product1", power: 2 };

it.each([
  { status: 201, text: '{"orders":[{"order_id":1,"outcome":"stored","status":"no such status"}]}' },
  { status: 201, text: "<html>" },
  { status: 409, text: '{"type":"about:blank","status":409,"title":"Conflict"}' },
  { status: 400, text: '{"error":"of somebody else"}' },
])("takes no answer that is not the API's: $status $text", async (canned) => {
  answer = canned;
  expect(await postOrders(endpoint, ONCE)([order])()).toHaveProperty("left", {
    _tag: "NotTheOrdersApi",
    status: canned.status,
    url: `${endpoint.origin}/stage/orders`,
  });
});
