import { errorAnswer as wireAnswer } from "../wire/answer";
import type { AwsAnswer, AwsCall } from "./call";

/** An error as the service itself would answer it: its code and status. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** An error in the shape in which the called service gives it, so that every SDK reads code and message. */
export const errorAnswer = (
  request: Pick<AwsCall, "service" | "method" | "headers">,
  { code, message, status }: AwsError,
): AwsAnswer => {
  const answer = wireAnswer(request.service, request, { code, message, status });
  return { ...answer, body: Buffer.from(answer.body) };
};

export const jsonAnswer = (body: unknown, contentType = "application/x-amz-json-1.0"): AwsAnswer => ({
  status: 200,
  headers: { "content-type": contentType },
  body: Buffer.from(JSON.stringify(body)),
});
