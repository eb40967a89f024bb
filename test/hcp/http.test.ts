import { isLeft, isRight } from "fp-ts/Either";
import * as fc from "fast-check";
import * as t from "io-ts";
import { exitCode, exitTable, explain, type HcpError } from "../../cli/hcp/errors";
import { type Http, type Request, send, sendForText } from "../../cli/hcp/http";

/** A server whose answers are listed; the last one repeats. */
const scripted = (...answers: ReadonlyArray<() => Response>) => {
  const pauses: number[] = [];
  let asked = 0;
  const http: Http = {
    fetch: () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === undefined) throw new Error("no answer was scripted");
      return Promise.resolve().then(answer);
    },
    sleep: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  return { http, pauses, asked: () => asked };
};

const answer =
  (status: number, body = "{}", headers: Record<string, string> = {}) =>
  () =>
    new Response(status === 204 ? null : body, { status, headers });
const noConnection = (): Response => {
  throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
};

const request: Request = { what: "read it", url: new URL("https://hcp.example/api") };
const post: Request = { ...request, method: "POST" };

const errorOf = async (http: Http, asked: Request): Promise<HcpError> => {
  const result = await sendForText(http, asked)();
  if (isRight(result)) throw new Error("expected a failure");
  return result.left;
};

test.each([
  [400, "Rejected"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [422, "Rejected"],
  [429, "RateLimited"],
  [500, "ServerFault"],
  [503, "ServerFault"],
])("a %d is %s, with the server's own words", async (status, tag) => {
  const { http } = scripted(
    answer(status, JSON.stringify({ errors: [{ title: "no", detail: "not today" }] })),
  );
  const error = await errorOf(http, request);
  expect(error).toMatchObject({ _tag: tag, status });
  expect(explain(error)).toContain(`cannot read it: ${status}: not today`);
});

test("what can be read again is, a few times, and then it is said that it failed", async () => {
  const always = scripted(answer(502, "<html>bad gateway</html>"));
  expect(await errorOf(always.http, request)).toMatchObject({ _tag: "ServerFault", detail: "" });
  expect(always.asked()).toBe(6);

  const unreachable = scripted(noConnection);
  expect(await errorOf(unreachable.http, request)).toEqual({
    _tag: "Unreachable",
    what: "read it",
    cause: "connect ECONNREFUSED",
  });
  expect(unreachable.asked()).toBe(6);

  const recovers = scripted(noConnection, answer(500), answer(200, "fine"));
  expect(await sendForText(recovers.http, request)()).toMatchObject({ right: "fine" });
});

test("what may have been done is not done again, unless that is the same", async () => {
  const once = scripted(answer(500), answer(201));
  expect(await errorOf(once.http, post)).toMatchObject({ _tag: "ServerFault" });
  expect(once.asked()).toBe(1);

  const repeatable = scripted(answer(500), answer(201));
  expect(isRight(await sendForText(repeatable.http, { ...post, repeatable: true })())).toBe(true);
});

test("a 429 waits as long as the server asks, for a POST too", async () => {
  const { http, pauses } = scripted(answer(429, "{}", { "retry-after": "7" }), answer(201));
  expect(isRight(await sendForText(http, post)())).toBe(true);
  expect(pauses).toEqual([7_000]);
});

test("an answer that is not HCP Terraform's is named, without its values", async () => {
  const codec = t.type({ data: t.type({ id: t.string }) });
  const wrong = await send(scripted(answer(200, '{"data":{"id":4711}}')).http, request, codec)();
  expect(isLeft(wrong) && explain(wrong.left)).toMatch(/data\.id/);
  expect(isLeft(wrong) && explain(wrong.left)).not.toMatch(/4711/);
  const page = await send(scripted(answer(200, "<html>")).http, request, codec)();
  expect(page).toMatchObject({ left: { _tag: "NotHcp", detail: "not JSON" } });
});

test("no pause is longer than a minute", async () => {
  await fc.assert(
    fc.asyncProperty(fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }), async (asked) => {
      const headers = asked === undefined ? {} : { "retry-after": String(asked) };
      const { http, pauses } = scripted(answer(429, "{}", headers));
      await sendForText(http, request)();
      expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
    }),
  );
});

test("every failure has an exit status of its own, and --help lists it", () => {
  const codes = exitTable()
    .split("\n")
    .map((line) => Number(/^ +(\d+)/.exec(line)?.[1]));
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toContain(exitCode({ _tag: "NoSavedPlan", environment: "dev", commit: "c" }));
});
