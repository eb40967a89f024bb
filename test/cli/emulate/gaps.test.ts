import type { Call } from "../../../cli/emulate/call.mts";
import { Gaps } from "../../../cli/emulate/gaps.mts";

const STAGE = "/v2/apis/a1/stages/%24default";
const TAGS = `/v2/tags/${encodeURIComponent("arn:aws:apigateway:eu-central-1::/apis/a1/stages/$default")}`;

const call = (method: string, path: string, body = {}, query = ""): Call => ({
  ...{ operation: "", method, path, body, query: new URLSearchParams(query) },
});

const tagsIn = (gaps: Gaps): unknown =>
  gaps.complete(call("GET", STAGE), { stageName: "$default", tags: { owner: "desk", team: "a" } })["tags"];

it("keeps the tags of a stage as they were made, changed and taken away, until the stage goes", () => {
  const gaps = new Gaps();
  expect(tagsIn(gaps)).toEqual({ owner: "desk", team: "a" });
  expect(gaps.answer(call("POST", TAGS, { tags: { owner: "other" } }))).toEqual({});
  expect(gaps.answer(call("DELETE", TAGS, {}, "tagKeys=team"))).toEqual({});
  expect(JSON.stringify(tagsIn(gaps))).toBe('{"owner":"other"}');
  expect(gaps.answer(call("DELETE", STAGE))).toBeUndefined();
  expect(tagsIn(gaps)).toEqual({ owner: "desk", team: "a" });
});

it("leaves the tags of an API to the emulator", () => {
  const path = `/v2/tags/${encodeURIComponent("arn:aws:apigateway:eu-central-1::/apis/a1")}`;
  expect(new Gaps().answer(call("POST", path, { tags: { owner: "other" } }))).toBeUndefined();
});

it("refuses a state machine as AWS would, and tells why where it is asked to validate one, each time the same", () => {
  const of = (operation: string, next: string): Call => ({
    ...call("POST", "/", {
      definition: JSON.stringify({
        StartAt: "First",
        States: { First: { Type: "Pass", Next: next }, Last: { Type: "Succeed" } },
      }),
    }),
    operation,
  });
  const gaps = new Gaps();
  for (const time of [1, 2])
    expect([
      time,
      ...["Last", "Nowhere"].map((next) => gaps.answer(of("ValidateStateMachineDefinition", next))),
    ]).toEqual([
      time,
      expect.objectContaining({ result: "OK", diagnostics: [] }),
      expect.objectContaining({ result: "FAIL" }),
    ]);
  expect(gaps.refusal(of("CreateStateMachine", "Last"))).toBeUndefined();
  expect(gaps.refusal(of("CreateStateMachine", "Nowhere"))).toMatchObject({ __type: "InvalidDefinition" });
});
