/** The API as OpenAPI 3.1 describes it, made of its routes, codecs and problems. */
import type * as t from "io-ts";
import { SubmittedOrder } from "../../functions/domain/order";
import { Status } from "../../functions/domain/status";
import { ANSWERED, type ApiRoute, type Kind, KINDS } from "../../functions/http/kinds";
import { problem, type Problem, unavailable } from "../../functions/http/problem";
import { CANCEL_ROUTES } from "../../functions/cancel-orders/contract";
import { Outcome } from "../../functions/place-orders/answer";
import { PLACE_ROUTES } from "../../functions/place-orders/contract";
import { ListedOrder, ShownOrder } from "../../functions/domain/shown-order";
import { QUERY_ROUTES } from "../../functions/query-orders/contract";
import { Fault } from "../../lib/faults";
import { GatewayMessage, ProblemDocument } from "./answers";
import { GATEWAY, GATEWAY_ANSWERS, type GatewayStatus } from "./gateway";
import { type Answers, type Schema, schemasOf } from "./json-schema";
import { type Operation, OPERATIONS } from "./operations";

const COMPONENTS = {
  Order: SubmittedOrder,
  Status,
  Outcome,
  ListedOrder,
  ShownOrder,
  Problem: ProblemDocument,
  Fault,
  GatewayMessage,
};

const HEADERS = {
  RequestId: {
    description: "The request's id, under which it is in the platform's logs.",
    schema: { type: "string" },
  },
  NoStore: { description: "No answer may be kept.", schema: { const: "no-store" } },
  RetryAfter: {
    description:
      "After how many seconds to send the same request again. API Gateway's own answers have none.",
    schema: { type: "integer", minimum: 0 },
  },
  Authenticate: { description: "How to prove who asks.", schema: { type: "string" } },
};
const header = (name: keyof typeof HEADERS): Schema => ({ $ref: `#/components/headers/${name}` });

const SECURITY_SCHEMES = {
  sigv4: {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authtype": "awsSigv4",
    description:
      "AWS Signature Version 4 for the service `execute-api`, in the header `Authorization`: no presigned URLs. Environments whose `api.auth` is `iam`.",
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A token of the environment's issuer. Environments whose `api.auth` is `jwt`.",
  },
};
/** How an API asks who calls it. */
export const AUTH = { iam: [{ sigv4: [] }], jwt: [{ bearer: [] }], none: [{}] };

const bodyOf = (found: Problem): unknown => {
  const { body } = problem(found);
  return JSON.parse(body ?? "null");
};

type Content = Readonly<Record<string, Schema>>;

/** The problems of one status that a route answers. */
const kindsOf = (route: ApiRoute, status: number): ReadonlyArray<Kind> =>
  ANSWERED[route].filter((kind) => KINDS[kind].status === status);

const problemContent = (route: ApiRoute, status: number): Content => {
  const kinds = kindsOf(route, status);
  if (kinds.length === 0) return {};
  const refused = Object.entries(OPERATIONS[route].refused).flatMap(([name, { summary, problem: found }]) =>
    found.status === status ? [[name, { summary, value: bodyOf(found) }] as const] : [],
  );
  const others = kinds.map((kind) => {
    const found: Problem = kind === "unavailable" ? unavailable : KINDS[kind];
    return [kind, { summary: found.title, value: bodyOf(found) }] as const;
  });
  return {
    "application/problem+json": {
      schema: {
        allOf: [
          { $ref: "#/components/schemas/Problem" },
          {
            properties: {
              status: { const: status },
              title: { enum: kinds.map((kind) => KINDS[kind].title) },
            },
          },
        ],
      },
      examples: Object.fromEntries(refused.length > 0 ? refused : others),
    },
  };
};

const gatewayContent = (status: GatewayStatus): Content => {
  const { message, to } = GATEWAY[status];
  return {
    "application/json": {
      schema: {
        allOf: [
          { $ref: "#/components/schemas/GatewayMessage" },
          { properties: { message: { const: message } } },
        ],
      },
      examples: { gateway: { summary: `to ${to}`, value: { message } } },
    },
  };
};

const errorStatuses = (route: ApiRoute): ReadonlyArray<number> =>
  [...new Set([...ANSWERED[route].map((kind) => KINDS[kind].status), ...GATEWAY_ANSWERS[route]])].sort(
    (a, b) => a - b,
  );

const errorAnswer = (route: ApiRoute, status: number): Schema => {
  const own = GATEWAY_ANSWERS[route].find((one) => one === status);
  const titles = kindsOf(route, status).map((kind) => KINDS[kind].title);
  return {
    description: [...titles, ...(own === undefined ? [] : [`API Gateway's own answer to ${GATEWAY[own].to}`])]
      .map((line) => `${line}.`)
      .join(" "),
    headers: {
      "apigw-requestid": header("RequestId"),
      ...(status === 401 ? { "www-authenticate": header("Authenticate") } : {}),
      ...(status === 503 ? { "retry-after": header("RetryAfter") } : {}),
    },
    content: { ...problemContent(route, status), ...(own === undefined ? {} : gatewayContent(own)) },
  };
};

/** Of the API, not of the platform's releases: a new major version is one that a client has to be changed for. */
const VERSION = "1.0.0";

/** The description as it stands in a file. */
export const written = (description: Schema): string => `${JSON.stringify(description, undefined, 2)}\n`;

/** @param answers whether an answer may have properties that the description does not know */
export const document = (answers: Answers = "open"): Schema => {
  const { of, components } = schemasOf(COMPONENTS, answers);

  const parameters = ({ path, query, parameters: words }: Operation): ReadonlyArray<Schema> => {
    const given = (place: "path" | "query", props: t.Props, required: boolean) =>
      Object.entries(props).map(([name, codec]) => ({
        name,
        in: place,
        required,
        schema: of(codec),
        ...words[name],
      }));
    return [...given("path", path?.props ?? {}, true), ...given("query", query?.optional ?? {}, false)];
  };

  const operation = (route: ApiRoute): Schema => {
    const described = OPERATIONS[route];
    const { id, summary, description, body, answer } = described;
    return {
      operationId: id,
      summary,
      description,
      parameters: parameters(described),
      ...(body === undefined
        ? {}
        : {
            requestBody: {
              required: true,
              content: { "application/json": { schema: of(body.codec), examples: body.examples } },
            },
          }),
      responses: {
        [answer.status]: {
          description: answer.description,
          headers: { "apigw-requestid": header("RequestId"), "cache-control": header("NoStore") },
          content: { "application/json": { schema: of(answer.codec), examples: answer.examples } },
          ...(answer.links === undefined ? {} : { links: answer.links }),
        },
        ...Object.fromEntries(errorStatuses(route).map((status) => [status, errorAnswer(route, status)])),
      },
    };
  };

  const routes = [...PLACE_ROUTES, ...QUERY_ROUTES, ...CANCEL_ROUTES];
  const byPath = Map.groupBy(routes, (route) => route.split(" ")[1] ?? "");
  return {
    openapi: "3.1.0",
    info: {
      title: "Orders",
      version: VERSION,
      description:
        "Takes orders for energy-market auctions. Errors are problem documents (RFC 9457); API Gateway answers some requests itself, with a `message`. After 429 and 5xx without `Retry-After`, wait longer before each repeat. Ignore properties of answers that you do not know: more may come.",
    },
    servers: [
      { url: "http://127.0.0.1:3000", description: "The platform on this machine: npm start" },
      {
        url: "https://{api}.execute-api.{region}.amazonaws.com",
        description: "An environment in AWS: its output api_endpoint",
        variables: { api: { default: "api" }, region: { default: "eu-central-1" } },
      },
    ],
    security: [...AUTH.iam, ...AUTH.jwt, ...AUTH.none],
    paths: Object.fromEntries(
      [...byPath].map(([path, keys]) => [
        path,
        Object.fromEntries(
          keys.map((route) => [route.split(" ", 1).join("").toLowerCase(), operation(route)]),
        ),
      ]),
    ),
    components: { schemas: components, headers: HEADERS, securitySchemes: SECURITY_SCHEMES },
  };
};
