import { createServer, request, type Server } from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { greeting } from "../../local/greeting";
import { makeActivity } from "../../local/activity";
import { type Platform, startPlatform } from "../../local/platform";
import type { ApiAuth } from "../../local/synthesize";
import { newFolder } from "./support/fixture";

/** The edge of the system as deployed environments have it: signed requests, or an issuer's tokens. */

const start = (auth: ApiAuth): Promise<Platform> =>
  startPlatform({
    data: newFolder(),
    port: 0,
    awsPort: 0,
    schedule: "off",
    auth,
    activity: makeActivity(() => undefined, false),
    onDeath: (error) => {
      throw error;
    },
  });

const order = (order_id: number): string =>
  JSON.stringify({ orders: [{ order_id, product: "Product1", power: 1 }] });

const send = async (url: string, headers: Readonly<Record<string, string>>, body: string) => {
  const answer = await fetch(url, { method: "POST", headers, body });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe("an API that asks for signatures (--auth iam)", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await start({ type: "iam" });
  });
  afterAll(() => platform.stop());

  const signed = async (
    body: string,
    {
      secretAccessKey = "local",
      accessKeyId = "local",
      region = "eu-central-1",
      at = new Date(),
      method = "POST",
      path = "/orders",
    } = {},
  ) => {
    const url = new URL(`${platform.apiUrl ?? ""}${path}`);
    const signer = new SignatureV4({
      service: "execute-api",
      region,
      credentials: { accessKeyId, secretAccessKey },
      sha256: Sha256,
    });
    const { headers } = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        port: Number(url.port),
        path: url.pathname,
        headers: { host: url.host, "content-type": "application/json" },
        body,
      },
      { signingDate: at },
    );
    return { url: url.href, headers };
  };

  it("greets with a line that is let in", () => {
    expect(greeting(platform, undefined, "data", 1)).toContain(
      `curl -sS --aws-sigv4 aws:amz:eu-central-1:execute-api --user local:local -H`,
    );
  });

  it("takes one that is right", async () => {
    const { url, headers } = await signed(order(1));
    expect(await send(url, headers, order(1))).toMatchObject({ status: 201 });
    const read = await signed("", { method: "GET", path: "/orders/1" });
    const found = await fetch(read.url, { headers: read.headers });
    expect(await found.json()).toMatchObject({ placed_by: "arn:aws:iam::000000000000:root" });
  });

  it.each(["authorization", "host", "x-amz-date", "x-amz-content-sha256", "content-type"])(
    "refuses two headers %s, whichever of them is the right one",
    async (name) => {
      const { url, headers } = await signed(order(2));
      const once = Object.entries({ ...headers, connection: "close" }).flat();
      const wrong = name === "authorization" ? `${headers[name] ?? ""}0` : "another";
      expect(await sendRaw(url, [...once, name, wrong], order(2))).toBe(400);
      expect(await sendRaw(url, [name, wrong, ...once], order(2))).toBe(400);
      expect(await sendRaw(url, once, order(1))).toBe(403);
    },
  );

  const presigned = async (path: string) => {
    const url = new URL(`${platform.apiUrl ?? ""}${path}`);
    const signer = new SignatureV4({
      service: "execute-api",
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      sha256: Sha256,
      applyChecksum: false,
    });
    const { query = {} } = await signer.presign({
      method: "GET",
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    });
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url;
  };
  it.each(["/orders", "/orders/1", "/orders?limit=1", "/health"])(
    "refuses a presigned URL of %s for what it is",
    async (path) => {
      const answer = await fetch(await presigned(path));
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({ detail: expect.stringContaining("no presigned URLs") }),
      ]);
    },
  );

  const quarterAgo = () => new Date(Date.now() - 16 * 60_000);
  it.each([
    ["a wrong secret", () => signed(order(2), { secretAccessKey: "wrong" })],
    ["an unknown key", () => signed(order(2), { accessKeyId: "AKIAUNKNOWN" })],
    ["a stale date", () => signed(order(2), { at: quarterAgo() })],
    ["another region", () => signed(order(2), { region: "us-east-1" })],
    ["another body", () => signed(order(3))],
    [
      "no signature",
      () =>
        Promise.resolve({
          url: `${platform.apiUrl ?? ""}/orders`,
          headers: { "content-type": "application/json" },
        }),
    ],
  ])("refuses %s, and asks no function", async (_, sign) => {
    const { url, headers } = await sign();
    expect(await send(url, headers, order(2))).toMatchObject({
      status: 403,
      text: '{"message":"Forbidden"}',
    });
    const { url: there, headers: mine } = await signed("", { method: "GET", path: "/orders/2" });
    expect((await fetch(there, { headers: mine })).status).toBe(404);
  });
});

/** Sends a request whose headers stand on the wire exactly as given. */
const sendRaw = (url: string, headers: ReadonlyArray<string>, body: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const options = { hostname, port, path: pathname, method: "POST", headers: [...headers], setHost: false };
    request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end(body);
  });

describe("the AWS endpoint", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await start({ type: "iam" });
  });
  afterAll(() => platform.stop());

  const tables = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new DynamoDBClient({
      endpoint: platform.awsUrl,
      region: platform.region,
      credentials,
      maxAttempts: 1,
    }).send(new ListTablesCommand({}));

  it("answers the operator", async () => {
    const { TableNames } = await tables({ accessKeyId: "local", secretAccessKey: "local" });
    expect(TableNames).toContain("local-orders");
  });

  it("knows no other key, and says which to use", async () => {
    await expect(tables({ accessKeyId: "AKIAX", secretAccessKey: "x" })).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: expect.stringContaining("sign with access key local"),
    });
  });

  it("takes no request with a second target", async () => {
    const headers = ["host", "h", "x-amz-target", "DynamoDB_20120810.ListTables"];
    expect(await sendRaw(platform.awsUrl, [...headers, "x-amz-target", "AmazonSQS.ListQueues"], "{}")).toBe(
      400,
    );
  });

  it("takes no wrong signature, and no request without one", async () => {
    await expect(tables({ accessKeyId: "local", secretAccessKey: "guessed" })).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    const headers = { "x-amz-target": "DynamoDB_20120810.ListTables" };
    const unsigned = await send(platform.awsUrl, headers, "{}");
    expect(unsigned).toMatchObject({
      status: 400,
      text: expect.stringContaining("MissingAuthenticationToken"),
    });
  });
});

describe("an API that asks for tokens (--auth jwt)", () => {
  const AUDIENCE = "orders";
  let issuer: string;
  let server: Server;
  let platform: Platform;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    keys = await generateKeyPair("RS256");
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "RS256", use: "sig" };
    server = createServer((request, response) => {
      const answers: Readonly<Record<string, unknown>> = {
        "/.well-known/openid-configuration": { issuer, jwks_uri: `${issuer}/keys` },
        "/keys": { keys: [jwk] },
      };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(answers[request.url ?? ""] ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    issuer = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    platform = await start({ type: "jwt", issuer, audience: [AUDIENCE] });
  });
  afterAll(async () => {
    await platform.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  type Claims = { audience?: string; issuer?: string; expires?: number | string; kid?: string };
  const claims = ({ audience = AUDIENCE, issuer: from = issuer, expires = "5m", kid = "one" }: Claims = {}) =>
    new SignJWT({ sub: "desk" })
      .setProtectedHeader({ alg: "RS256", kid })
      .setIssuedAt()
      .setIssuer(from)
      .setAudience(audience)
      .setExpirationTime(expires);
  const token = (changed?: Claims) => claims(changed).sign(keys.privateKey);

  const post = async (authorization: string | undefined, id: number) =>
    send(
      `${platform.apiUrl ?? ""}/orders`,
      { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
      order(id),
    );

  it("greets with a line that says where the token goes", () => {
    expect(greeting(platform, undefined, "data", 1)).toContain(
      'curl -sS -H "authorization: Bearer $TOKEN" -H',
    );
  });

  it("takes one of the issuer's, for its audience", async () => {
    const authorization = `Bearer ${await token()}`;
    expect(await post(authorization, 1)).toMatchObject({ status: 201 });
    const found = await fetch(`${platform.apiUrl ?? ""}/orders/1`, { headers: { authorization } });
    expect(await found.json()).toMatchObject({ placed_by: "desk" });
  });

  const hourAgo = () => Math.floor(Date.now() / 1_000) - 3_600;
  it.each<readonly [string, () => Promise<string | undefined>]>([
    ["no token", () => Promise.resolve(undefined)],
    ["what is no token", () => Promise.resolve("Bearer nonsense")],
    ["an expired one", () => token({ expires: hourAgo() })],
    ["one for another audience", () => token({ audience: "billing" })],
    ["one of another issuer", () => token({ issuer: "https://issuer.example.com" })],
    ["one of a key the issuer does not have", () => token({ kid: "two" })],
    ["one signed by another key", async () => claims().sign((await generateKeyPair("RS256")).privateKey)],
    [
      "one with alg: none",
      () =>
        Promise.resolve(
          new UnsecuredJWT({ sub: "desk" })
            .setIssuer(issuer)
            .setAudience(AUDIENCE)
            .setIssuedAt()
            .setExpirationTime("5m")
            .encode(),
        ),
    ],
    [
      "one signed with the public key as a shared secret",
      async () =>
        new SignJWT({ sub: "desk" })
          .setProtectedHeader({ alg: "HS256", kid: "one" })
          .setIssuer(issuer)
          .setAudience(AUDIENCE)
          .setExpirationTime("5m")
          .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)))),
    ],
  ])("refuses %s, and asks no function", async (_, make) => {
    const made = await make();
    const answer = await post(made === undefined || made.startsWith("Bearer") ? made : `Bearer ${made}`, 2);
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    const there = await fetch(`${platform.apiUrl ?? ""}/orders/2`, {
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect(there.status).toBe(404);
  });
});
