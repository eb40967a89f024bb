import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { permanent, type PortError } from "../ports/errors";
import { portError } from "./aws-error";
import { ssm } from "./clients";

/** Long enough to spare the parameter store, short enough that a rotated secret works within minutes. */
const KEPT_MS = 5 * 60_000;

const kept = new Map<string, { readonly value: string; readonly since: number }>();

/** Not where its time lies ahead either: the clock was put back, and nobody knows how old it is. */
const isFresh = (since: number): boolean => since <= Date.now() && Date.now() < since + KEPT_MS;

/** A secret, read when it is needed. It exists in memory only: never in a log, an error or an answer. */
export const parameter = (name: string, signal: AbortSignal): TE.TaskEither<PortError, string> => {
  const known = kept.get(name);
  if (known !== undefined && isFresh(known.since)) return TE.right(known.value);
  return pipe(
    TE.tryCatch(
      () =>
        ssm().send(new GetParameterCommand({ Name: name, WithDecryption: true }), { abortSignal: signal }),
      portError(`reading the parameter ${name}`),
    ),
    TE.flatMap(({ Parameter }) =>
      Parameter?.Value === undefined || Parameter.Value === ""
        ? TE.left(permanent(`reading the parameter ${name}`, "it is empty"))
        : TE.right(Parameter.Value),
    ),
    TE.tapIO((value) => () => kept.set(name, { value, since: Date.now() })),
  );
};
