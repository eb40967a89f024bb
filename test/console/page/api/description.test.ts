import { readFileSync } from "node:fs";
import {
  componentOf,
  curlOf,
  type Description,
  routesOf,
  wordsOf,
} from "../../../../console/page/api/description";

const parsed: (text: string) => Description = JSON.parse;
const routes = routesOf(parsed(readFileSync("docs/openapi.json", "utf8")));
const curl = (id: string): string => {
  const [route] = routes.filter(({ operation }) => operation.operationId === id);
  return route === undefined ? "" : curlOf("http://api", route);
};

it("writes a request that a shell takes as it stands", () => {
  expect(curl("getHealth")).toBe("curl -sS 'http://api/health'");
  expect(curl("listOrders")).toBe("curl -sS 'http://api/orders'");
  expect(curl("cancelOrder")).toMatch(/^curl -sS -X DELETE 'http:\/\/api\/orders\/\d+'$/);
  expect(curl("placeOrders")).toMatch(
    /^curl -sS -H 'content-type: application\/json' --data '\{"orders":\[\{.*\}\]\}' 'http:\/\/api\/orders'$/,
  );
});

it("keeps a quote of an example from ending the shell's", () => {
  const operation = {
    ...{ operationId: "a", summary: "", description: "", parameters: [], responses: {} },
    requestBody: {
      content: { "application/json": { schema: {}, examples: { one: { summary: "", value: "it's" } } } },
    },
  };
  expect(curlOf("http://api", { method: "POST", path: "/a", operation })).toContain(
    String.raw`--data '"it'\''s"'`,
  );
});

it.each([
  [{ $ref: "#/components/schemas/Order" }, "Order"],
  [{ type: "integer", minimum: 1, maximum: 5 }, "integer, 1 to 5"],
  [{ type: "string", format: "cursor", maxLength: 9 }, "string, cursor, up to 9 characters"],
  [{ type: "array", minItems: 1, items: { $ref: "#/a/Fault" } }, "list of Fault, from 1"],
  [{ oneOf: [{ const: "a" }, { enum: ["b", "c"] }] }, '"a" or "b", "c"'],
  [{ properties: {} }, "object"],
  [{}, "anything"],
])("tells %j in words", (schema, words) => {
  expect(wordsOf(schema)).toBe(words);
});

it("knows which component a schema is", () => {
  expect([componentOf({ $ref: "#/components/schemas/Order" }), componentOf({ type: "string" })]).toEqual([
    "Order",
    undefined,
  ]);
});
