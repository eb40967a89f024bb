import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { type Api, connect } from "./api";
import { findToken } from "./credentials";
import type { Run, Workspace } from "./documents";
import type { HcpError } from "./errors";
import type { Http } from "./http";
import { linkTo, type Target } from "./target";

/** How long a run may wait before somebody starts it, and how long it may then take. */
export type Limits = { readonly pickupSeconds: number; readonly runSeconds: number; readonly pollMs: number };

/** What every command works with: one workspace on one server, and somebody to tell. */
export type Session = {
  readonly target: Target;
  readonly workspace: Workspace;
  readonly api: Api;
  readonly http: Http;
  readonly limits: Limits;
  readonly say: (line: string) => void;
  readonly now: () => number;
  /** Told of every run this command started or confirmed as it is seen, and that it ended. */
  readonly watch: (run: Run | undefined) => void;
};

export type Surroundings = Omit<Session, "workspace" | "api"> & { readonly env: NodeJS.ProcessEnv };

export const open = ({ env, ...rest }: Surroundings): TE.TaskEither<HcpError, Session> =>
  pipe(
    TE.fromEither(findToken(rest.target.host, env)),
    TE.flatMap((token) => connect(rest.http, new URL(`https://${rest.target.host}`), token)),
    TE.flatMap((api) =>
      pipe(
        api.workspace(rest.target.organization, rest.target.workspace),
        TE.map((workspace): Session => ({ ...rest, api, workspace })),
      ),
    ),
  );

export const linkOf = ({ target }: Pick<Session, "target">, run: Run): string => linkTo(target, run.id);

/** A run named on the command line must be one of this environment's. */
export const runHere = (session: Session, id: string): TE.TaskEither<HcpError, Run> =>
  pipe(
    session.api.run(id),
    TE.flatMapEither((run) =>
      run.workspaceId === session.workspace.id
        ? E.right(run)
        : E.left<HcpError>({
            _tag: "Usage",
            message: `${id} is not a run of ${session.target.organization}/${session.target.workspace}`,
          }),
    ),
  );
