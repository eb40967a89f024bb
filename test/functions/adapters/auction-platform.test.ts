import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as E from "fp-ts/Either";
import { auctionPlatform } from "../../../functions/adapters/auction-platform";
import { slackWebhook } from "../../../functions/adapters/slack-webhook";
import { order } from "../../support/in-memory";

/** The HTTP adapters against a real server: what they send, and how they class what comes back. */

type Seen = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};

let server: Server;
let base: string;
let seen: Seen[];
let answer: (request: Seen, response: ServerResponse) => void;
const signal = new AbortController().signal;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const arrived = { method: request.method, url: request.url, headers: request.headers, body };
      seen.push(arrived);
      answer(arrived, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    // The parameter store is this server too: it answers GetParameter with its own address.
    AWS_ENDPOINT_URL: base,
  });
});
beforeEach(() => {
  seen = [];
});
afterAll((done) => {
  server.closeAllConnections();
  server.close(done);
});

const status =
  (code: number, headers: Record<string, string> = {}, body: unknown = {}) =>
  (_: Seen, response: ServerResponse): void => {
    response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
const iam = () => auctionPlatform({ AUCTION_URL: `${base}/v1/`, AUCTION_AUTH: "iam" }, signal);
const sent = (id: number) => ({ ...order(id), request_id: `request-${id}` });
const only = async <A>(outcomes: Promise<ReadonlyArray<A>>): Promise<A> => {
  const [one, ...more] = await outcomes;
  if (one === undefined || more.length > 0) throw new Error("expected one outcome");
  return one;
};
const submit = () => only(iam().submit([sent(7)])());

describe("submitting to the auction platform", () => {
  it("sends the order under its own key, signed for API Gateway", async () => {
    answer = status(201);
    expect(await submit()).toEqual(E.right(undefined));
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/v1/orders",
      body: JSON.stringify(order(7)),
      headers: {
        "idempotency-key": "order-7",
        "x-request-id": "request-7",
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-central-1\/execute-api\//,
        ),
      },
    });
  });

  it.each([400, 409, 422])(
    "takes %d for a refusal of the order, with the reason as one bounded line",
    async (code) => {
      answer = status(code, {}, { title: "No", detail: `not\ntraded ${"x".repeat(1_000)}` });
      const refused = await submit();
      expect(refused).toMatchObject({
        left: { _tag: "Refused", reason: expect.stringMatching(/^not traded x+…$/) },
      });
      expect(E.isLeft(refused) && refused.left._tag === "Refused" && refused.left.reason.length).toBe(500);
    },
  );

  it("keeps a refusal's reason to whole characters, each of which can be seen", async () => {
    answer = status(422, {}, { reason: `not\u2028traded\u202E${"🙂".repeat(300)}` });
    const refused = await submit();
    const reason = E.isLeft(refused) && refused.left._tag === "Refused" ? refused.left.reason : "";
    expect(reason).toMatch(/^not traded\uFFFD(🙂)+…$/u);
    expect(reason.length).toBeGreaterThan(497);
  });

  it.each([401, 403, 404, 405])("does not blame the order for %d", async (code) => {
    answer = status(code);
    expect(await submit()).toMatchObject({ left: { _tag: "Permanent" } });
  });

  it.each([
    [408, "Ambiguous"],
    [425, "Transient"],
    [429, "Transient"],
    [500, "Ambiguous"],
    [502, "Ambiguous"],
    [503, "Ambiguous"],
    [504, "Ambiguous"],
  ])("may be asked again after %d, which is %s", async (code, _tag) => {
    answer = status(code, { "retry-after": "3" });
    expect(await submit()).toMatchObject({ left: { _tag, retryAfterMs: 3_000 } });
  });

  it("understands a date in Retry-After", async () => {
    answer = status(503, { "retry-after": new Date(Date.now() + 10_000).toUTCString() });
    const refused = await submit();
    expect(
      E.isLeft(refused) && refused.left._tag === "Ambiguous" && (refused.left.retryAfterMs ?? 0),
    ).toBeGreaterThan(5_000);
  });

  it("does not know what became of an order whose answer never came", async () => {
    answer = (_, response) => response.destroy();
    expect(await submit()).toMatchObject({ left: { _tag: "Ambiguous" } });
  });

  it("gives up when the function's time is up, without an answer to rely on", async () => {
    answer = () => undefined;
    const hurried = auctionPlatform({ AUCTION_URL: base, AUCTION_AUTH: "iam" }, AbortSignal.timeout(100));
    expect(await only(hurried.submit([sent(7)])())).toMatchObject({ left: { _tag: "Ambiguous" } });
  });

  it("knows that nothing happened where nobody listens", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nowhere = auctionPlatform({ AUCTION_URL: `http://127.0.0.1:${port}`, AUCTION_AUTH: "iam" }, signal);
    expect(await only(nowhere.submit([sent(7)])())).toMatchObject({ left: { _tag: "Transient" } });
  });

  it("follows no redirect: the key goes nowhere else", async () => {
    answer = status(302, { location: `${base}/elsewhere` });
    expect(E.isLeft(await submit())).toBe(true);
    expect(seen).toHaveLength(1);
  });
});

describe("submitting several orders in one call", () => {
  const together = (...ids: number[]) =>
    auctionPlatform({ AUCTION_URL: `${base}/v1/`, AUCTION_AUTH: "iam" }, signal, 100).submit(ids.map(sent))();

  it("sends each under its own key and once, and gives back what became of each, in their order", async () => {
    answer = status(
      200,
      {},
      { outcomes: [8, 7].map((id) => ({ idempotency_key: `order-${id}`, status: 200 + (id - 7) * 222 })) },
    );
    expect(await together(7, 8, 7)).toEqual([
      E.right(undefined),
      E.left({ _tag: "Refused", reason: "refused with 422" }),
      E.right(undefined),
    ]);
    expect(seen).toMatchObject([{ method: "POST", url: "/v1/orders:batch" }]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      orders: [7, 8].map((id) => ({
        idempotency_key: `order-${id}`,
        request_id: `request-${id}`,
        ...order(id),
      })),
    });
  });

  it("does not know what became of any where the answer never came", async () => {
    answer = (_, response) => response.destroy();
    expect(await together(7, 8)).toMatchObject([
      { left: { _tag: "Ambiguous" } },
      { left: { _tag: "Ambiguous" } },
    ]);
  });

  it("sends one by one where the platform takes no more", async () => {
    answer = status(201);
    expect(await iam().submit([sent(7), sent(8)])()).toEqual([E.right(undefined), E.right(undefined)]);
    expect(seen.map(({ url }) => url)).toEqual(["/v1/orders", "/v1/orders"]);
  });
});

describe("asking for an order back", () => {
  const withdraw = () => iam().withdraw(sent(7))();

  it.each([200, 204])("names the order by its id and its key; %d gives it back", async (code) => {
    answer = (_, response) => response.writeHead(code).end();
    expect(await withdraw()).toEqual(E.right(undefined));
    expect(seen).toMatchObject([
      { method: "DELETE", url: "/v1/orders/7", body: "", headers: { "idempotency-key": "order-7" } },
    ]);
  });

  it.each([
    [404, "TooLate"],
    [409, "TooLate"],
    [202, "Permanent"],
    [403, "Permanent"],
    [429, "Transient"],
    [503, "Transient"],
  ])("takes %d for no order that is given back: %s", async (code, _tag) => {
    answer = status(code);
    expect(await withdraw()).toMatchObject({ left: { _tag } });
  });

  it("does not know whether it was given back where the answer never came", async () => {
    answer = (_, response) => response.destroy();
    expect(await withdraw()).toMatchObject({ left: { _tag: "Ambiguous" } });
  });
});

describe("fetching results", () => {
  it("asks from a cursor, decodes the answer, and gives it as it came", async () => {
    answer = (_, response) =>
      response.end('{"results":true, "orders":[{"anything":1.0}],"cursor":"c2","more":"ignored"}');
    const received = await iam().results({ cursor: "a b&c", limit: 50 })();
    expect(received).toMatchObject({
      right: { answer: { results: true, orders: [{ anything: 1 }], cursor: "c2" } },
    });
    expect(E.isRight(received) && received.right.bytes.toString()).toBe(
      '{"results":true, "orders":[{"anything":1.0}],"cursor":"c2","more":"ignored"}',
    );
    expect(seen[0]?.url).toBe("/v1/results?limit=50&cursor=a+b%26c");
  });

  it("reads no order's number rounded, and neither of two statuses", async () => {
    answer = (_, response) =>
      response.end(
        '{"results":true,"orders":[{"order_id":9007199254740991.4,"price":0.1},{"order_id":1,"status":"accepted","status":"rejected"}]}',
      );
    expect(JSON.parse(JSON.stringify(await iam().results({ limit: 2 })()))).toMatchObject({
      right: {
        answer: {
          orders: [
            { order_id: "9007199254740991.4", price: 0.1 },
            { order_id: 1, status: "(a property that was there twice)" },
          ],
        },
      },
    });
  });

  it("takes pages of megabytes, and reads no answer without end", async () => {
    const orders = [{ other: "x".repeat(20_000_000) }];
    answer = status(200, {}, { results: true, orders, cursor: "c2" });
    expect(await iam().results({ limit: 1 })()).toMatchObject({ right: { answer: { cursor: "c2" } } });
    let isEnded = false;
    answer = (_, response) => {
      const more = (): void => {
        while (!isEnded && response.write("x".repeat(1_000_000)));
      };
      response.on("drain", more).on("close", () => (isEnded = true));
      more();
    };
    expect(await iam().results({ limit: 1 })()).toMatchObject({
      left: {
        _tag: "Permanent",
        cause: expect.stringMatching(/larger than 33554432 bytes.*results\.page_limit/),
      },
    });
  });

  it.each([
    ["not JSON", "<html>"],
    ["another shape", { results: "yes" }],
  ])("does not take %s for an answer", async (_, body) => {
    answer = status(200, {}, body);
    expect(await iam().results({ limit: 1 })()).toMatchObject({ left: { _tag: "Permanent" } });
  });
});

describe("a secret", () => {
  const withKey = (name: string) =>
    auctionPlatform({ AUCTION_URL: `${base}/v1`, AUCTION_AUTH: "key", AUCTION_KEY_PARAMETER: name }, signal);
  const parameterOr =
    (value: string, otherwise: (request: Seen, response: ServerResponse) => void) =>
    (request: Seen, response: ServerResponse): void => {
      if (request.headers["x-amz-target"] === "AmazonSSM.GetParameter")
        status(200, {}, { Parameter: { Value: value } })(request, response);
      else otherwise(request, response);
    };

  it("is read again when it is old, or when the clock was put back since", async () => {
    const asked = (): number => seen.filter(({ headers }) => headers["x-amz-target"] !== undefined).length;
    answer = parameterOr("key-2", status(201));
    const begun = Date.now();
    const now = jest.spyOn(Date, "now");
    try {
      for (const [minutes, reads] of [
        [0, 1],
        [4, 1],
        [6, 2],
        [-114, 3],
        [-111, 3],
      ] as const) {
        now.mockReturnValue(begun + minutes * 60_000);
        await withKey("/orders/test/kept").submit([sent(1)])();
        expect([minutes, asked()]).toEqual([minutes, reads]);
      }
    } finally {
      now.mockRestore();
    }
  });

  it("is read once for many calls and sent as a bearer key", async () => {
    answer = parameterOr("key-1", status(201));
    const auction = withKey("/orders/test/key");
    await auction.submit([sent(1)])();
    await auction.submit([sent(2)])();
    expect(seen.filter(({ headers }) => headers["x-amz-target"] !== undefined)).toHaveLength(1);
    expect(seen.filter(({ headers }) => headers.authorization === "Bearer key-1")).toHaveLength(2);
  });

  it("is in no error, whether it is wrong or refused", async () => {
    answer = parameterOr("not a url s3cret", status(201));
    const wrong = await slackWebhook("/orders/test/wrong-webhook", signal).post({})();
    expect(wrong).toMatchObject({ left: { _tag: "Permanent" } });
    expect(JSON.stringify(wrong)).not.toContain("s3cret");
    answer = parameterOr(`${base}/s3cret`, status(404));
    const refused = await slackWebhook("/orders/test/webhook", signal).post({ text: "hello" })();
    expect(refused).toMatchObject({ left: { _tag: "Permanent", cause: "Slack answered 404" } });
    expect(JSON.stringify(refused)).not.toContain("s3cret");
    expect(seen.at(-1)).toMatchObject({ url: "/s3cret", body: '{"text":"hello"}' });
  });
});
