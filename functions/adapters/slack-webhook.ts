import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Webhook } from "../ports/capabilities";
import { permanent, type PortError, transient } from "../ports/errors";
import { type HttpAnswer, isTransientStatus, send } from "./http";
import { parameter } from "./ssm-parameter";

const OPERATION = "posting to Slack";

const answered = ({ status, retryAfterMs }: HttpAnswer): TE.TaskEither<PortError, void> => {
  if (status >= 200 && status < 300) return TE.right(undefined);
  const said = `Slack answered ${status}`;
  return TE.left(
    isTransientStatus(status) ? transient(OPERATION, said, retryAfterMs) : permanent(OPERATION, said),
  );
};

/** The URL is a secret: it must not appear in an error, not even a wrong one. */
const url = (value: string): TE.TaskEither<PortError, URL> => {
  const parsed = URL.parse(value);
  return parsed === null
    ? TE.left(permanent(OPERATION, "the webhook parameter is not a URL"))
    : TE.right(parsed);
};

/** A Slack incoming webhook whose URL is kept in a parameter. */
export const slackWebhook = (parameterName: string, signal: AbortSignal): Webhook => ({
  post: (message) =>
    pipe(
      parameter(parameterName, signal),
      TE.flatMap(url),
      TE.flatMap((webhook) =>
        send(
          OPERATION,
          signal,
        )({
          method: "POST",
          url: webhook,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(message),
        }),
      ),
      TE.flatMap(answered),
    ),
});
