import { authorizeFor } from "../../../cli/orders-api/authorize";

const request = (url: string): Request =>
  new Request(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });

const inAccount = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" };

describe("authorizeFor", () => {
  const before = process.env;
  beforeEach(() => {
    process.env = { ...before, ...inAccount };
  });
  afterAll(() => {
    process.env = before;
  });

  it("signs a request to a remote endpoint for API Gateway in the endpoint's own region", async () => {
    const url = "https://abc123.execute-api.eu-west-1.amazonaws.com/orders";
    const { authorize, how } = await authorizeFor(new URL(url), undefined);
    const headers = await authorize(request(url));
    expect(headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=[^,]*host/,
    );
    expect(how).toBe("signed for eu-west-1 as AKIDEXAMPLE");
  });

  it("signs the method, the query and the body", async () => {
    const url = "https://abc123.execute-api.eu-west-1.amazonaws.com/orders";
    const { authorize } = await authorizeFor(new URL(url), undefined);
    const requests = [
      new Request(url),
      new Request(url, { method: "POST" }),
      new Request(`${url}?limit=1`),
      new Request(`${url}?limit=2`),
      new Request(url, { method: "POST", body: "{}" }),
    ];
    jest.useFakeTimers({ now: 0 });
    const signatures = await Promise.all(
      requests.map(async (each) => (await authorize(each))["authorization"]),
    );
    jest.useRealTimers();
    expect(new Set(signatures).size).toBe(requests.length);
    expect(await requests[4]?.text()).toBe("{}");
  });

  it("never signs what stays on this machine, and says so", async () => {
    delete process.env["AWS_ACCESS_KEY_ID"];
    const { authorize, how } = await authorizeFor(new URL("http://127.0.0.1:3000"), undefined);
    expect(await authorize(request("http://127.0.0.1:3000/orders"))).not.toHaveProperty("authorization");
    expect(how).toMatch(/^unsigned: the API on this machine/);
  });

  it("says why it cannot sign", async () => {
    delete process.env["AWS_REGION"];
    delete process.env["AWS_DEFAULT_REGION"];
    const { authorize, how } = await authorizeFor(new URL("https://orders.example.com"), undefined);
    expect(await authorize(request("https://orders.example.com/orders"))).not.toHaveProperty("authorization");
    expect(how).toBe("unsigned: the region is not known; set AWS_REGION");
  });

  it("sends a given token instead of a signature", async () => {
    const { authorize, how } = await authorizeFor(
      new URL("https://abc.execute-api.eu-west-1.amazonaws.com"),
      "token",
    );
    expect((await authorize(request("https://example.test/orders")))["authorization"]).toBe("Bearer token");
    expect(how).toBe("with the token in ORDERS_TOKEN");
  });
});
