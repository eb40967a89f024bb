/** Waits for runs, telling a person what they are doing. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Run } from "./documents";
import type { HcpError } from "./errors";
import { linkOf, type Session } from "./session";
import { standingOf } from "./standing";

const SAID_AGAIN_MS = 15_000;
const LOG_LINES = 20;
const UPLOAD_SECONDS = 120;

type Progress = {
  readonly status: string;
  readonly started: number;
  /** When it was first seen at work in this wait. */
  readonly worksSince: number | undefined;
  readonly saidAt: number;
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;

const late = (session: Session, run: Run, progress: Progress): TE.TaskEither<HcpError, never> => {
  const { pickupSeconds, runSeconds } = session.limits;
  const ofRun = { run: run.id, link: linkOf(session, run) };
  if (progress.worksSince !== undefined)
    return TE.left({ _tag: "TookTooLong", ...ofRun, detail: `still ${run.status} after ${runSeconds} s` });
  return pipe(
    session.api.workspace(session.target.organization, session.target.workspace),
    TE.flatMap(({ locked, currentRunId }) =>
      TE.left<HcpError>(
        // A run holds the lock while it works; only a lock that is not this run's own keeps it waiting.
        run.status === "pending" && locked && currentRunId !== run.id
          ? { _tag: "Locked", workspace: session.workspace.name, link: ofRun.link }
          : {
              _tag: "NotPickedUp",
              ...ofRun,
              detail: `still ${run.status} after ${pickupSeconds} s; is an agent running, or another run in its way?`,
            },
      ),
    ),
  );
};

const isLate = ({ limits, now }: Session, { started, worksSince }: Progress): boolean =>
  worksSince === undefined
    ? now() - started > limits.pickupSeconds * 1_000
    : now() - worksSince > limits.runSeconds * 1_000;

const next = (session: Session, run: Run, progress: Progress): Progress => {
  const now = session.now();
  const worksSince = progress.worksSince ?? (standingOf(run) === "waiting" ? undefined : now);
  if (run.status === progress.status && now - progress.saidAt < SAID_AGAIN_MS)
    return { ...progress, worksSince };
  session.say(`  ${seconds(now - progress.started).padStart(6)}  ${run.status.replaceAll("_", " ")}`);
  return { status: run.status, started: progress.started, worksSince, saidAt: now };
};

const poll = (
  session: Session,
  id: string,
  isDone: (run: Run) => boolean,
  progress: Progress,
): TE.TaskEither<HcpError, Run> =>
  pipe(
    session.api.run(id),
    TE.flatMap((run) => {
      session.watch(isDone(run) ? undefined : run);
      const told = next(session, run, progress);
      if (isDone(run)) return TE.right(run);
      if (isLate(session, told)) return late(session, run, told);
      return pipe(
        TE.fromTask(() => session.http.sleep(session.limits.pollMs)),
        TE.flatMap(() => poll(session, id, isDone, told)),
      );
    }),
  );

/** Waits until `isDone`, saying each status, and an unchanged one again now and then. */
export const waitFor = (
  session: Session,
  run: Run,
  isDone: (run: Run) => boolean,
): TE.TaskEither<HcpError, Run> => {
  const started = session.now();
  session.watch(run);
  return poll(session, run.id, isDone, { status: "", started, worksSince: undefined, saidAt: started });
};

/** HCP Terraform unpacks an archive after taking it; a run made before that would fail. */
export const waitForUpload = (session: Session, id: string): TE.TaskEither<HcpError, void> => {
  const deadline = session.now() + UPLOAD_SECONDS * 1_000;
  const again = (): TE.TaskEither<HcpError, void> =>
    pipe(
      session.api.configurationStatus(id),
      TE.flatMap(({ status, error }): TE.TaskEither<HcpError, void> => {
        const what = "upload the stack";
        if (status === "uploaded") return TE.right(undefined);
        if (status === "errored") return TE.left({ _tag: "Rejected", what, status: 422, detail: error });
        if (session.now() > deadline)
          return TE.left({ _tag: "NotHcp", what, detail: `still ${status} after ${UPLOAD_SECONDS} s` });
        return pipe(
          TE.fromTask(() => session.http.sleep(session.limits.pollMs)),
          TE.flatMap(again),
        );
      }),
    );
  return again();
};

/** The end of what Terraform printed, without colours and the marks the log is framed by. */
const tail = (log: string): string =>
  log
    // eslint-disable-next-line no-control-regex
    .replaceAll(/\u001b\[[\d;]*m|[\u0002\u0003]/g, "")
    .trimEnd()
    .split("\n")
    .slice(-LOG_LINES)
    .map((line) => `  ${line}`)
    .join("\n");

const lastWords = ({ api }: Session, { planId, applyId }: Run): TE.TaskEither<HcpError, string> => {
  const read = (kind: "plans" | "applies", id: string | undefined): TE.TaskEither<HcpError, string> =>
    id === undefined
      ? TE.right("")
      : pipe(
          api.phase(kind, id),
          TE.flatMap(({ attributes }) => {
            const url = attributes["log-read-url"];
            return attributes.status === "errored" && typeof url === "string" ? api.log(url) : TE.right("");
          }),
          // The log only explains the failure: without it the failure is still one.
          TE.orElse(() => TE.right("")),
        );
  return pipe(
    read("plans", planId),
    TE.flatMap((plan) => (plan === "" ? read("applies", applyId) : TE.right(plan))),
  );
};

const failure = (session: Session, run: Run): TE.TaskEither<HcpError, HcpError> => {
  const ofRun = { run: run.id, link: linkOf(session, run) };
  return pipe(
    session.api.failedVerdicts(run.id),
    TE.flatMap((failed) =>
      failed.length > 0
        ? TE.right<HcpError, HcpError>({ _tag: "PolicyFailed", ...ofRun, detail: failed.join(", ") })
        : pipe(
            lastWords(session, run),
            TE.map((log): HcpError => ({
              _tag: "RunFailed",
              ...ofRun,
              detail: log === "" ? run.status : `${run.status}\n${tail(log)}`,
            })),
          ),
    ),
  );
};

/** Turns a run that ended badly into what went wrong with it. */
export const orFailure =
  (session: Session) =>
  (run: Run): TE.TaskEither<HcpError, Run> => {
    const ofRun = { run: run.id, link: linkOf(session, run) };
    switch (standingOf(run)) {
      case "failed":
        return pipe(failure(session, run), TE.flatMapEither(E.left));
      case "policy":
        return TE.left({ _tag: "PolicyFailed", ...ofRun, detail: run.status.replaceAll("_", " ") });
      case "discarded":
        return TE.left({ _tag: "Discarded", ...ofRun, detail: `the run is ${run.status}` });
      case "waiting":
      case "working":
      case "confirmable":
      case "finished":
        return TE.right(run);
    }
  };
