import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import * as t from "io-ts";
import { awsClients } from "../../../console/aws/clients";
import { LOCAL, remembering } from "../../../console/aws/pace";
import { historyOf } from "../../../console/reads/history";
import { declaredBy, placeOf } from "../../../console/system/declared";
import { mapOf } from "../../../console/system/map";
import { declaredEnvironment } from "../../support/synth";

const ORDER = {
  order_id: { N: "7" },
  product: { S: "Product1" },
  power: { N: "2" },
  status: { S: "rejected" },
  received_at: { S: "2026-01-01T00:00:00.000Z" },
  request_id: { S: "request-1" },
  decided_at: { S: "2026-01-01T00:10:00.000Z" },
  archive_key: { S: "orders/closed/dt=2026-01-01/run-0001.json" },
};

const Asked = t.type({ logGroupName: t.string, filterPattern: t.string });

const asked: Array<t.TypeOf<typeof Asked>> = [];

/** The line of `event` in the log that has it, and nothing in any other. */
const answerTo = async (request: IncomingMessage): Promise<object> => {
  const operation = String(request.headers["x-amz-target"]).split(".").at(-1);
  if (operation === "GetItem") return { Item: ORDER };
  const body: unknown = operation === "FilterLogEvents" ? await json(request) : undefined;
  if (!Asked.is(body)) return {};
  asked.push(body);
  const [, event] = /"(orders placed|posted to Slack|page archived)"$/.exec(body.filterPattern) ?? [];
  const line = { event, level: "info", order_ids: [7], key: ORDER.archive_key.S };
  return { events: event === undefined ? [] : [{ timestamp: 1, message: JSON.stringify(line) }] };
};

const server = createServer((request, response) => {
  void answerTo(request).then((answer) => response.end(JSON.stringify(answer)));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

it("asks each log for the order, and for what is said of several where it is said", async () => {
  const stack: unknown = JSON.parse(declaredEnvironment("prod").text);
  const declared = declaredBy(stack, "prod");
  const { port } = server.address() as AddressInfo;
  const aws = awsClients(
    {
      endpoint: `http://127.0.0.1:${port}`,
      region: declared.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    },
    placeOf(declared),
    LOCAL,
  );
  const history = await historyOf(
    { declared, map: mapOf(declared), aws, metrics: remembering(0), awarded: remembering(0) },
    7,
  );

  const functions = declared.ofType("aws_lambda_function").length;
  expect(asked).toHaveLength(functions + 3);
  expect(asked.filter(({ filterPattern }) => filterPattern === "{ $.order_id = 7 }")).toHaveLength(functions);
  const said = history?.timeline.flatMap(({ from, title, by }) =>
    from === "log" ? [`${by}: ${title}`] : [],
  );
  expect(said?.toSorted()).toEqual([
    "prod-archive-results: page archived",
    "prod-notify-slack: posted to Slack",
    "prod-place-orders: orders placed",
  ]);
});
