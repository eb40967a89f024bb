import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { APIGatewayProxyEventV2 as Request } from "aws-lambda";
import { badRequest, type Problem } from "./problem";

export const MAX_BODY_BYTES = 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** API Gateway lower-cases header names. */
const header = (request: Request, name: string): string | undefined => request.headers[name];

const isJson = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType.trim());

const bytes = (request: Request): Buffer =>
  Buffer.from(request.body ?? "", request.isBase64Encoded ? "base64" : "utf8");

const withinLimit = (body: Buffer): E.Either<Problem, Buffer> =>
  body.length <= MAX_BODY_BYTES
    ? E.right(body)
    : E.left({
        status: 413,
        title: "The request is too large",
        detail: `Expected a body of at most ${MAX_BODY_BYTES} bytes, got ${body.length}. Send fewer orders a request.`,
      });

const text = (body: Buffer): E.Either<Problem, string> =>
  E.tryCatch(
    () => utf8.decode(body),
    () => badRequest("Expected a body in UTF-8, got bytes that are not."),
  );

/** A repeated property keeps its last value, as everywhere in JavaScript; `__proto__` is a name like any other. */
const parse = (body: string): E.Either<Problem, unknown> =>
  body.trim() === ""
    ? E.left(badRequest('Expected a body {"orders": […]}, got none.'))
    : E.tryCatch(
        (): unknown => JSON.parse(body),
        () => badRequest('Expected a body of JSON, {"orders": […]}, got something that is not JSON.'),
      );

/** The request's body as JSON; what is wrong with it as a problem: 415, 413 or 400. */
export const jsonBody = (request: Request): E.Either<Problem, unknown> =>
  pipe(
    isJson(header(request, "content-type"))
      ? E.right(request)
      : E.left<Problem>({
          status: 415,
          title: "The request's content type is not supported",
          detail: "Expected the header content-type: application/json.",
        }),
    E.map(bytes),
    E.flatMap(withinLimit),
    E.flatMap(text),
    E.flatMap(parse),
  );
