/** The commands, each one pipeline from a session to what is to be said at its end. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { archiveOf } from "./archive";
import { isOfCommit, messageOf } from "./commit";
import type { PhaseDocument, Run } from "./documents";
import type { HcpError } from "./errors";
import { linkOf, runHere, type Session } from "./session";
import { isOver, isSettled, standingOf } from "./standing";
import { changesOf, driftOf, headline, type Summary, summaryLines } from "./summary";
import { linkTo } from "./target";
import { orFailure, waitFor, waitForUpload } from "./wait";

type Result<A> = TE.TaskEither<HcpError, A>;

/** What a command found, also for programs (`--json`). */
export type Report = {
  readonly run: string | null;
  readonly link: string;
  readonly status: string;
  /** Whether `apply` can apply this run. */
  readonly confirmable: boolean;
  readonly summary: Summary | null;
};

export type Stack = {
  readonly folder: string;
  readonly commit: string;
  /** Who decided to leave out the environment it is promoted from, and why. */
  readonly hotfix?: string | undefined;
};

const countsOf = ({ attributes }: PhaseDocument): Omit<Summary, "addresses"> => ({
  add: attributes["resource-additions"] ?? 0,
  change: attributes["resource-changes"] ?? 0,
  destroy: attributes["resource-destructions"] ?? 0,
});

const reportOf = (session: Session, run: Run, summary: Summary | null): Report => ({
  run: run.id,
  link: linkOf(session, run),
  status: run.status,
  confirmable: standingOf(run) === "confirmable",
  summary,
});

const start = (
  session: Session,
  { folder, commit, hotfix }: Stack,
  kind: "saved" | "speculative" | "drift",
): Result<Run> =>
  pipe(
    archiveOf(folder, session.target.environment),
    TE.bindTo("archive"),
    TE.bind("configurationVersionId", ({ archive }) =>
      session.api.uploadConfiguration(session.workspace.id, kind, archive.bytes),
    ),
    TE.tap(({ configurationVersionId }) => waitForUpload(session, configurationVersionId)),
    TE.flatMap(({ archive, configurationVersionId }) =>
      session.api.createRun({
        workspaceId: session.workspace.id,
        configurationVersionId,
        message: messageOf(session.target.environment, commit, archive.digest, hotfix),
        kind,
      }),
    ),
    TE.tapIO((run) => () => session.say(`${run.id}  ${linkOf(session, run)}`)),
  );

const planned = (
  session: Session,
  stack: Stack,
  kind: "saved" | "speculative" | "drift",
): Result<{ readonly run: Run; readonly planId: string }> =>
  pipe(
    start(session, stack, kind),
    TE.flatMap((run) => waitFor(session, run, isSettled)),
    TE.flatMap(orFailure(session)),
    TE.flatMapEither((run) =>
      run.planId === undefined
        ? E.left<HcpError>({ _tag: "NotHcp", what: "read the plan", detail: "the run has none" })
        : E.right({ run, planId: run.planId }),
    ),
  );

/** The whole plan may be read by administrators of the workspace alone, its counts by everybody. */
const changesIn = (session: Session, planId: string): Result<Summary> =>
  pipe(
    session.api.planJson(planId),
    TE.map(changesOf),
    TE.orElse((error) => {
      if (error._tag !== "Forbidden" && error._tag !== "NotFound") return TE.left(error);
      session.say("this token may not read the addresses; see the link");
      return pipe(
        session.api.phase("plans", planId),
        TE.map((phase): Summary => ({ ...countsOf(phase), addresses: [] })),
      );
    }),
  );

const sayAll = ({ say }: Session, lines: ReadonlyArray<string>): void => lines.forEach((line) => say(line));

export const plan = (session: Session, stack: Stack, isSpeculative: boolean): Result<Report> =>
  pipe(
    planned(session, stack, isSpeculative ? "speculative" : "saved"),
    TE.bind("summary", ({ planId }) => changesIn(session, planId)),
    TE.map(({ run, summary }) => {
      sayAll(session, summaryLines(summary));
      if (standingOf(run) === "confirmable")
        session.say(`apply it: npm run hcp -- apply ${session.target.environment} --run ${run.id}`);
      else session.say(isSpeculative ? "speculative: it cannot be applied" : "nothing to apply");
      return reportOf(session, run, summary);
    }),
  );

export const drift = (session: Session, stack: Stack): Result<Report> =>
  pipe(
    planned(session, stack, "drift"),
    TE.bind("plan", ({ planId }) => session.api.planJson(planId)),
    TE.map(({ run, plan: json }) => {
      const summary = driftOf(json);
      sayAll(
        session,
        summary.addresses.length === 0 ? ["nothing drifted"] : ["drifted:", ...summaryLines(summary)],
      );
      return reportOf(session, run, summary);
    }),
  );

/** The newest run of the commit decides: an older plan of it is not what was reviewed last. */
const latestOf = (session: Session, commit: string): Result<Run> =>
  pipe(
    session.api.runs(session.workspace.id),
    TE.flatMapEither((runs) => {
      const run = runs.find((one) => !one.speculative && isOfCommit(one.message, commit));
      return run === undefined
        ? E.left<HcpError>({ _tag: "NoSavedPlan", environment: session.target.environment, commit })
        : E.right(run);
    }),
  );

const confirm = (session: Session, run: Run): Result<Run> =>
  pipe(
    // A saved plan holds no lock, so this one is somebody else's; a run that waits to be confirmed holds its own.
    session.workspace.locked && run.status === "planned_and_saved"
      ? TE.left<HcpError>({
          _tag: "Locked",
          workspace: session.workspace.name,
          link: linkTo(session.target),
        })
      : session.api.act(run.id, "apply"),
    TE.tapIO(() => () => session.say("confirmed")),
    TE.flatMap(() => waitFor(session, run, isOver)),
    TE.flatMap(orFailure(session)),
  );

const counted = (session: Session, { applyId }: Run): Result<string> =>
  applyId === undefined
    ? TE.right("applied")
    : pipe(
        session.api.phase("applies", applyId),
        TE.map((phase) => `applied ${headline(countsOf(phase))}`),
      );

/**
 * @param runId the reviewed run; without it, the newest plan of `commit`
 * @param mayBeApplied asked about the run before it is
 */
export const apply = (
  session: Session,
  runId: string | undefined,
  commit: string,
  mayBeApplied: (run: Run) => Result<unknown>,
): Result<Report> =>
  pipe(
    runId === undefined ? latestOf(session, commit) : runHere(session, runId),
    TE.tapIO((run) => () => session.say(`${run.id}  ${linkOf(session, run)}  ${run.message}`)),
    TE.flatMap(orFailure(session)),
    TE.tap(mayBeApplied),
    TE.flatMap((run) => {
      if (standingOf(run) === "confirmable")
        return pipe(
          confirm(session, run),
          TE.tap((done) =>
            pipe(
              counted(session, done),
              TE.tapIO((line) => () => session.say(line)),
            ),
          ),
        );
      if (run.status === "applied" || (standingOf(run) === "finished" && !run.speculative)) {
        session.say(run.status === "applied" ? "it has been applied already" : "it has nothing to apply");
        return TE.right(run);
      }
      const detail = run.speculative
        ? "it is speculative: it cannot be applied"
        : `it is still ${run.status}`;
      return TE.left<HcpError, Run>({
        _tag: "NotConfirmable",
        run: run.id,
        link: linkOf(session, run),
        detail,
      });
    }),
    TE.map((run) => reportOf(session, run, null)),
  );

/** Cancels what runs, discards what waits to be confirmed. */
export const cancel = (session: Session, runId: string): Result<Report> =>
  pipe(
    runHere(session, runId),
    TE.flatMap((run) => {
      const action = run.cancelable ? "cancel" : run.discardable ? "discard" : undefined;
      if (action === undefined) {
        session.say(`${run.id} is ${run.status}: there is nothing to cancel`);
        return TE.right(run);
      }
      return pipe(
        session.api.act(run.id, action),
        TE.flatMap(() => session.api.run(run.id)),
        TE.tapIO((done) => () => session.say(`${done.id} is ${done.status}`)),
      );
    }),
    TE.map((run) => reportOf(session, run, null)),
  );

const RUNS_SHOWN = 10;

export const status = (session: Session): Result<Report> =>
  pipe(
    session.api.runs(session.workspace.id),
    TE.map((runs) => {
      const { target, workspace } = session;
      session.say(
        `${target.organization}/${workspace.name}${workspace.locked ? ", locked" : ""}  ${linkTo(target)}`,
      );
      if (runs.length === 0) session.say("no runs yet");
      for (const run of runs.slice(0, RUNS_SHOWN))
        session.say(
          `  ${run.id}  ${run.createdAt}  ${run.status}${standingOf(run) === "confirmable" ? " (can be applied)" : ""}  ${run.message}`,
        );
      const [newest] = runs;
      return newest === undefined
        ? { run: null, link: linkTo(target), status: "none", confirmable: false, summary: null }
        : reportOf(session, newest, null);
    }),
  );
