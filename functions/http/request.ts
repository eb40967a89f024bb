import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { APIGatewayProxyEventV2 as Request } from "aws-lambda";
import { FAULTS_REPORTED, unreadableFault } from "../../lib/faults";
import { type Document, readJson } from "../../lib/json";
import { KINDS } from "./kinds";
import { badRequest, type Problem } from "./problem";

const MAX_BODY_BYTES = 1024 * 1024;

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
        ...KINDS.tooLarge,
        detail: `Expected a body of at most ${MAX_BODY_BYTES} bytes, got ${body.length}. Send fewer orders a request.`,
      });

const text = (body: Buffer): E.Either<Problem, string> =>
  E.tryCatch(
    () => utf8.decode(body),
    () => badRequest("Expected a body in UTF-8, got bytes that are not."),
  );

/** A document with a property twice says two things: it is refused before it is read as either. */
const unambiguous = ({ value, found }: Document): E.Either<Problem, unknown> => {
  const repeated = found.filter(({ kind }) => kind === "repeated");
  return repeated.length === 0
    ? E.right(value)
    : E.left(
        badRequest(
          "Nothing was stored.",
          repeated.slice(0, FAULTS_REPORTED).map((each) => unreadableFault(each)),
        ),
      );
};

const parse = (body: string): E.Either<Problem, unknown> =>
  body.trim() === ""
    ? E.left(badRequest('Expected a body {"orders": […]}, got none.'))
    : pipe(
        readJson(body),
        E.mapLeft(() =>
          badRequest('Expected a body of JSON, {"orders": […]}, got something that is not JSON.'),
        ),
        E.flatMap(unambiguous),
      );

/** The request's body as JSON; what is wrong with it as a problem: 415, 413 or 400. */
export const jsonBody = (request: Request): E.Either<Problem, unknown> =>
  pipe(
    isJson(header(request, "content-type"))
      ? E.right(request)
      : E.left<Problem>({
          ...KINDS.notJson,
          detail: "Expected the header content-type: application/json.",
        }),
    E.map(bytes),
    E.flatMap(withinLimit),
    E.flatMap(text),
    E.flatMap(parse),
  );
