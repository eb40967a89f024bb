import { readFileSync } from "node:fs";
import { validate } from "@readme/openapi-parser";
import { createConfig, lint } from "@redocly/openapi-core";
import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import * as t from "io-ts";
import { GATEWAY } from "../../cli/openapi/gateway";
import { schemasOf } from "../../cli/openapi/json-schema";
import { document, written } from "../../cli/openapi/document";
import { typescript } from "../../cli/openapi/typescript";
import { OPERATIONS } from "../../cli/openapi/operations";
import { KINDS } from "../../functions/http/kinds";
import { decodeOrders, PlaceOrders } from "../../functions/place-orders/request";
import { decodeOrderId } from "../../functions/http/order-id";
import { decodeListQuery } from "../../functions/query-orders/request";
import { exactly, withSchema } from "../../lib/exactly";
import { gatewayAnswer } from "../../local/services/execute-api/event";
import { arbitrary } from "../support/arbitrary";
import { declaredEnvironment } from "../support/synth";

const committed = readFileSync("docs/openapi.json", "utf8");

const Example = t.type({ value: t.unknown });
const Media = t.intersection([
  t.type({ schema: t.UnknownRecord }),
  t.partial({ examples: t.record(t.string, Example) }),
]);
const Content = t.record(t.string, Media);
const Description = t.type({
  paths: t.record(
    t.string,
    t.record(
      t.string,
      t.intersection([
        t.type({
          parameters: t.array(
            t.intersection([
              t.type({ name: t.string, in: t.string }),
              t.partial({ example: t.union([t.string, t.number]) }),
            ]),
          ),
          responses: t.record(t.string, t.type({ content: Content })),
        }),
        t.partial({ requestBody: t.type({ content: Content }) }),
      ]),
    ),
  ),
  components: t.type({ schemas: t.UnknownRecord }),
});
const description: unknown = JSON.parse(committed);
if (!Description.is(description)) throw new Error("docs/openapi.json is no description");
const { paths, components } = description;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    key: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

const ajv = new Ajv2020({ strict: false, formats: { "date-time": true, product: true, cursor: true } });
const accepts = (schema: object) => ajv.compile({ ...schema, components });

describe("docs/openapi.json", () => {
  it("is what npm run openapi writes", () => {
    expect(committed).toBe(written(document()));
  });

  it("has its types beside the client that uses them", async () => {
    expect(readFileSync("cli/orders-api/schema.d.ts", "utf8")).toBe(await typescript());
  });

  it("is OpenAPI 3.1, without an error or a warning", async () => {
    expect(await validate("docs/openapi.json")).toMatchObject({ valid: true, warnings: [] });
  });

  it("breaks no rule of Redocly's linter", async () => {
    // The package is UNLICENSED: the description has no licence to name.
    const rules = await createConfig({ extends: ["recommended-strict"], rules: { "info-license": "off" } });
    const found = await lint({ ref: "docs/openapi.json", config: rules });
    expect(
      found.map(({ ruleId, message, location: [at] }) => `${ruleId}: ${at?.pointer}: ${message}`),
    ).toEqual([]);
  });

  it.each(["local", "prod"])("has the routes that the stack of %s declares, and no others", (name) => {
    const declared = declaredEnvironment(name).all("aws_apigatewayv2_route");
    const ofOrders = Object.entries(declared).filter(([id]) => id.startsWith("api_"));
    expect(operations.map(({ key }) => key).sort()).toEqual(
      ofOrders.map(([, { route_key }]) => route_key).sort(),
    );
  });

  it("has every problem of the functions", () => {
    for (const { status, title } of Object.values(KINDS)) {
      const having = operations.filter(({ operation }) =>
        JSON.stringify(
          operation.responses[status]?.content["application/problem+json"]?.schema ?? "",
        ).includes(JSON.stringify(title)),
      );
      expect([title, having.length]).not.toEqual([title, 0]);
    }
  });

  it("has API Gateway's own answers in its words, as the local platform gives them", () => {
    for (const { status, body } of Object.values(gatewayAnswer)) {
      const told = Object.entries(GATEWAY).find(([code]) => code === String(status))?.[1];
      expect([status, JSON.parse(body.toString())]).toEqual([status, { message: told?.message }]);
    }
  });

  const examples = operations.flatMap(({ key, operation: { requestBody, responses } }) =>
    [
      ...Object.entries(requestBody?.content ?? {}).map(([type, media]) => ({ at: type, media })),
      ...Object.entries(responses).flatMap(([status, { content }]) =>
        Object.entries(content).map(([type, media]) => ({ at: `${status} ${type}`, media })),
      ),
    ].flatMap(({ at, media }) =>
      Object.entries(media.examples ?? {}).map(([name, { value }]) => ({
        name: `${key} ${at} ${name}`,
        schema: media.schema,
        value,
      })),
    ),
  );
  it.each(examples)("is true to its schema in the example $name", ({ schema, value }) => {
    const check = accepts(schema);
    check(value);
    expect(check.errors ?? []).toEqual([]);
  });
});

describe("its examples of requests", () => {
  const bodies = paths["/orders"]?.["post"]?.requestBody?.content["application/json"]?.examples ?? {};
  it.each(Object.entries(bodies))("%s is taken by the function", (_, { value }) => {
    expect(decodeOrders(value)).toMatchObject({ _tag: "Right" });
  });

  it("of parameters are taken by the function", () => {
    const given = (key: string) =>
      Object.fromEntries(
        (operations.find((one) => one.key === key)?.operation.parameters ?? []).flatMap(
          ({ name, example }) => (example === undefined ? [] : [[name, String(example)]]),
        ),
      );
    expect(decodeListQuery(given("GET /orders"))).toMatchObject({ _tag: "Right" });
    expect(decodeOrderId(given("GET /orders/{order_id}"))).toMatchObject({ _tag: "Right" });
  });

  it("are refused with the problem that stands there", () => {
    for (const { key, operation } of operations) {
      const refused = Object.entries(OPERATIONS).find(([route]) => route === key)?.[1].refused ?? {};
      for (const [name, { problem }] of Object.entries(refused)) {
        const { content } = operation.responses[String(problem.status)] ?? {};
        const told = content?.["application/problem+json"]?.examples ?? {};
        expect(told[name]?.value).toEqual({ type: "about:blank", ...problem });
      }
    }
  });
});

describe("a schema made of a codec", () => {
  const { of } = schemasOf({}, "open");

  it("takes whatever the codec takes", () => {
    const check = ajv.compile(of(PlaceOrders));
    fc.assert(fc.property(arbitrary(PlaceOrders), (body) => check(body)));
  });

  it.each([
    ["no orders", { orders: [] }],
    ["an order too many", { orders: Array(1_001).fill({ order_id: 1, product: "P", power: 1 }) }],
    ["an id of 0", { orders: [{ order_id: 0, product: "P", power: 1 }] }],
    ["a power that is rounded", { orders: [{ order_id: 1, product: "P", power: 2 ** 53 }] }],
    ["a product of 65 characters", { orders: [{ order_id: 1, product: "é".repeat(65), power: 1 }] }],
    ["an unknown property", { orders: [{ order_id: 1, product: "P", power: 1, price: 1 }] }],
  ])("refuses %s, as the codec does", (_, body) => {
    expect([ajv.compile(of(PlaceOrders))(body), PlaceOrders.is(body)]).toEqual([false, false]);
  });

  const Even = t.refinement(t.number, (value) => value % 2 === 0, "Even");
  it.each([
    ["a refinement", Even],
    [
      "a codec of its own",
      new t.Type<number>("Odd", t.number.is.bind(t.number), t.number.validate, t.identity),
    ],
    ["one deep inside", exactly({ list: t.array(Even) }, {}, "Whole")],
  ])("is none of %s that carries no schema, and says which", (_, codec) => {
    expect(() => of(codec)).toThrow(/(Even|Odd): this codec has no JSON Schema; say it with withSchema/);
  });

  it("has what a codec carries, beside what the walk finds", () => {
    const codec = withSchema(
      t.refinement(t.string, (text) => text !== "", "NotEmpty"),
      { minLength: 1 },
    );
    expect(of(codec)).toEqual({ type: "string", minLength: 1 });
  });

  it("is none of parts that contradict each other", () => {
    const both = t.intersection([t.type({ a: t.string }), t.type({ a: t.number })], "Both");
    expect(() => of(both)).toThrow("Both: its parts say different things of type");
  });
});
