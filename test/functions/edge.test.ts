import * as RTE from "fp-ts/ReaderTaskEither";
import * as t from "io-ts";
import { apiFunction } from "../../functions/edge/api-function";
import { eventFunction } from "../../functions/edge/event-function";
import { permanent, transient } from "../../functions/ports/errors";
import { apiRequest, context } from "../support/invocation";

let written: string[];
let stdout: jest.SpiedFunction<typeof process.stdout.write>;

beforeEach(() => {
  written = [];
  stdout = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
});
afterEach(() => stdout.mockRestore());

const logged = (): ReadonlyArray<unknown> => written.map((line): unknown => JSON.parse(line));

class Defect extends TypeError {}
const planted = (): never => {
  throw new Defect("boom");
};

const theDefect = expect.objectContaining({
  level: "error",
  event: "unexpected exception",
  err: expect.objectContaining({
    type: "Defect",
    message: "boom",
    stack: expect.stringContaining("edge.test.ts"),
  }),
});

describe("an exception that no pipeline expects", () => {
  it.each([
    ["where a pipeline is made", planted],
    ["where it runs", () => () => planted],
  ])(
    "is logged with its stack and answered by the API with a problem document, thrown %s",
    async (_, answer) => {
      const response = await apiFunction(answer)(apiRequest("GET", "/orders"), context());
      expect(response).toMatchObject({
        statusCode: 500,
        headers: { "content-type": "application/problem+json" },
        body: expect.stringContaining("Sending the same request again is safe."),
      });
      expect(logged()).toEqual([theDefect]);
    },
  );

  it.each([
    ["where a pipeline is made", planted],
    ["where it runs", () => () => planted],
  ])("is logged with its stack and thrown to a caller that tries again, thrown %s", async (_, work) => {
    await expect(eventFunction(t.unknown, "failed", work)({}, context())).rejects.toThrow(Defect);
    expect(logged()).toEqual([theDefect]);
  });
});

it("a request whose pipeline never ends is answered before Lambda ends the function", async () => {
  const never = () => () => () => new Promise<never>(() => undefined);
  const remaining = { ...context(), getRemainingTimeInMillis: () => 250 };
  const response = await apiFunction(never)(apiRequest("GET", "/orders"), remaining);
  expect(response).toMatchObject({
    statusCode: 503,
    headers: { "content-type": "application/problem+json", "retry-after": "2" },
  });
  expect(logged()).toEqual([
    expect.objectContaining({ level: "error", event: "request not answered in time" }),
  ]);
});

describe("a function that is called again where it fails", () => {
  it.each([
    ["TransientError", transient("asking", "down")],
    ["PermanentError", permanent("asking", "broken")],
  ])("throws a %s, and logs why once", async (name, error) => {
    const handler = eventFunction(t.unknown, "not asked", () => RTE.left(error));
    await expect(handler({}, context())).rejects.toMatchObject({ name, message: `asking: ${error.cause}` });
    expect(logged()).toEqual([
      expect.objectContaining({ level: "error", event: "not asked", class: error._tag }),
    ]);
  });

  it("says what is wrong with an event that it cannot read", async () => {
    const handler = eventFunction(t.type({ waits: t.number }), "failed", () => RTE.right("done"));
    await expect(handler({ waits: "two" }, context())).rejects.toMatchObject({
      name: "PermanentError",
      message: expect.stringContaining("waits: expected"),
    });
  });
});
