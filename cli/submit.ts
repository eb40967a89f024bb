/** `npm run submit -- FILE [--endpoint URL]`: sends an orders file and prints what became of each order. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import * as A from "fp-ts/Array";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { faultLine, unreadableFault } from "../lib/faults";
import { command, Ended, main, run, userPath, wrongUse } from "../lib/command";
import { readJson } from "../lib/json";
import { authorizeFor } from "./orders-api/authorize";
import {
  type ClientError,
  type Fault,
  ORDERS_PER_REQUEST,
  type Outcome,
  postOrders,
} from "./orders-api/client";

const wrong = (message: string): Ended => new Ended(wrongUse(message));

const OrdersFile = t.type({ orders: t.UnknownArray });

const contentOf = async (file: string): Promise<string> => {
  const content = await (file === "-" ? buffer(process.stdin) : readFile(userPath(file))).catch(
    (error: unknown) => {
      throw wrong(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw wrong(`${file}: is not UTF-8: save it in that encoding, or its texts are not what they were`);
  }
};

const FAULTS_SHOWN = 10;

/** A file is not sent if numbers in it would be rounded, or a property is repeated. */
const readOrders = async (file: string): Promise<ReadonlyArray<unknown>> => {
  const json = readJson(await contentOf(file));
  if (E.isLeft(json)) throw wrong(`${file}: is not JSON: ${json.left}`);
  const { value, found } = json.right;
  if (found.length > 0)
    throw wrong(
      [
        `${file}: says what cannot be sent as it stands`,
        ...found.slice(0, FAULTS_SHOWN).map((each) => `  ${faultLine(unreadableFault(each, "(file)"))}`),
        ...(found.length > FAULTS_SHOWN ? [`  … and ${found.length - FAULTS_SHOWN} more`] : []),
      ].join("\n"),
    );
  const decoded = OrdersFile.decode(value);
  if (E.isLeft(decoded)) throw wrong(`${file}: expected {"orders": […]}, an object with a list of orders`);
  if (decoded.right.orders.length === 0) throw wrong(`${file}: has no orders`);
  return decoded.right.orders;
};

const parseEndpoint = (endpoint: string): URL => {
  const url = URL.parse(endpoint);
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw wrong(`--endpoint ${endpoint}: expected an http or https URL`);
  return url;
};

/** The API counts an order's place in its request; a person counts it in the file. */
const inFile =
  (offset: number) =>
  ({ path, expected, actual }: Fault): string => {
    const place = path.replace(/^orders\[(\d+)\]/, (_, index: string) => `orders[${Number(index) + offset}]`);
    return `  ${place}: expected ${expected}, got ${actual}`;
  };

const HINTS: Readonly<Record<number, ReadonlyArray<string>>> = {
  401: ["  The API asks for a token: give a valid one in ORDERS_TOKEN."],
  403: [
    "  The API asks for a signature of somebody who may call it. Check whom this is signed as (above), that the",
    "  region is the API's, that the clock is right, and that the role has the policy ENVIRONMENT-submit.",
  ],
};

const explain = (error: ClientError, offset: number): string => {
  switch (error._tag) {
    case "Unreachable":
      return `${error.url}: no answer: ${error.cause}. Is the platform running there (npm start)? Send the file again when it is.`;
    case "NotTheOrdersApi":
      return `${error.url}: answered ${error.status} with something that is not the orders API's. Check --endpoint.`;
    case "Refused":
      return [
        `refused with ${error.status}: ${error.problem.title}${error.problem.detail === undefined ? "" : `: ${error.problem.detail}`}`,
        ...(error.problem.errors ?? []).map(inFile(offset)),
        ...(HINTS[error.status] ?? []),
      ].join("\n");
  }
};

const print = ({ order_id, outcome }: Outcome): void =>
  console.log(`${String(order_id).padStart(16)}  ${outcome}`);

const submit = async (file: string, at: string, region?: string): Promise<number> => {
  const endpoint = parseEndpoint(at);
  const orders = await readOrders(file);
  const { authorize, how } = await authorizeFor(endpoint, process.env["ORDERS_TOKEN"], region);
  console.error(`sending to ${endpoint.href}, ${how}`);
  const send = postOrders(endpoint, authorize);

  const counts = { stored: 0, replayed: 0, conflict: 0, unreadable: 0, refused: 0 };
  for (const [index, chunk] of pipe([...orders], A.chunksOf(ORDERS_PER_REQUEST)).entries()) {
    const offset = index * ORDERS_PER_REQUEST;
    const result = await send(chunk)();
    if (E.isLeft(result)) {
      console.error(`orders ${offset + 1}–${offset + chunk.length}: ${explain(result.left, offset)}`);
      counts.refused += chunk.length;
      if (result.left._tag !== "Refused") break;
    } else {
      result.right.forEach(print);
      for (const { outcome } of result.right) counts[outcome] += 1;
    }
  }
  const { stored, replayed, conflict, unreadable, refused } = counts;
  const unsent = orders.length - stored - replayed - conflict - unreadable - refused;
  console.log(
    [
      `${stored} stored, ${replayed} replayed, ${conflict} in conflict`,
      ...(unreadable === 0 ? [] : [`${unreadable} unreadable where they are stored`]),
      `${refused + unsent} not stored`,
    ].join(", "),
  );
  return stored + replayed === orders.length ? 0 : 1;
};

const program = command("submit")
  .description("send a file of orders, and print what became of each")
  .argument(
    "<file>",
    '{"orders": [{"order_id": 1, "product": "Product1", "power": 2}, …]}; - reads standard input',
  )
  .option("--endpoint <url>", "the API to send to", "http://127.0.0.1:3000")
  .option("--region <region>", "to sign for (default: the endpoint's own, or AWS_REGION)")
  .addHelpText(
    "after",
    `
Environment: ORDERS_TOKEN, a bearer token for an API that asks for one; AWS credentials sign requests to a
remote endpoint (and to this machine's, where AWS_ACCESS_KEY_ID is set). It prints whether and as whom it signs.

Sending a file twice is safe: an order already stored answers "replayed".

Exit status: 0 every order is stored; 1 some are not; 2 nothing was sent.`,
  )
  .action((file, { endpoint, region }) => run(2, () => submit(file, endpoint, region)));

void main(program);
