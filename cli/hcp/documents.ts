import * as t from "io-ts";

/** The parts of HCP Terraform's JSON:API documents that this command reads, and nothing else of them. */

const maybe = <A>(codec: t.Type<A, unknown>) => t.union([codec, t.null, t.undefined]);
const Ref = t.type({ id: t.string });
const One = t.type({ data: Ref });
const MaybeOne = maybe(t.partial({ data: t.union([Ref, t.null]) }));

export const dataOf = <C extends t.Mixed>(codec: C) => t.type({ data: codec });
export const listOf = <C extends t.Mixed>(codec: C) => t.type({ data: t.readonlyArray(codec) });

export const Discovery = t.type({ "tfe.v2": t.string });

export const WorkspaceDocument = t.type({
  id: t.string,
  attributes: t.intersection([
    t.type({ name: t.string, locked: t.boolean }),
    t.partial({ "terraform-version": t.union([t.string, t.null]), "execution-mode": t.string }),
  ]),
  relationships: t.partial({ "current-run": MaybeOne }),
});

export const ConfigurationVersionDocument = t.type({
  id: t.string,
  attributes: t.intersection([
    t.type({ status: t.string }),
    t.partial({ "upload-url": t.union([t.string, t.null]), "error-message": t.union([t.string, t.null]) }),
  ]),
});

export const RunDocument = t.type({
  id: t.string,
  attributes: t.intersection([
    t.type({
      status: t.string,
      actions: t.type({
        "is-confirmable": t.boolean,
        "is-cancelable": t.boolean,
        "is-discardable": t.boolean,
      }),
    }),
    t.partial({
      message: t.union([t.string, t.null]),
      "created-at": t.string,
      "status-timestamps": t.partial({
        "applied-at": maybe(t.string),
        "planned-and-finished-at": maybe(t.string),
      }),
      "plan-only": t.boolean,
      "refresh-only": t.boolean,
    }),
  ]),
  relationships: t.intersection([t.type({ workspace: One }), t.partial({ plan: MaybeOne, apply: MaybeOne })]),
});

/** Of a plan and of an apply: the same counts under the same names. */
export const PhaseDocument = t.type({
  id: t.string,
  attributes: t.intersection([
    t.type({ status: t.string }),
    t.partial({
      "log-read-url": t.union([t.string, t.null]),
      "resource-additions": t.union([t.number, t.null]),
      "resource-changes": t.union([t.number, t.null]),
      "resource-destructions": t.union([t.number, t.null]),
    }),
  ]),
});
export type PhaseDocument = t.TypeOf<typeof PhaseDocument>;

/** A Sentinel check has its verdict in `status`; OPA's evaluations are stages with tasks. */
export const VerdictDocument = t.type({
  id: t.string,
  attributes: t.intersection([t.type({ status: t.string }), t.partial({ stage: t.string })]),
});

/** One that was overridden by somebody who may, or passed, is none of these. */
export const FAILED_VERDICTS: ReadonlySet<string> = new Set([
  "hard_failed",
  "soft_failed",
  "failed",
  "errored",
  "awaiting_override",
]);

/** What of a run the commands decide by. */
export type Run = {
  readonly id: string;
  readonly status: string;
  readonly message: string;
  readonly createdAt: string;
  /** When it was applied, or found that there was nothing to apply. */
  readonly finishedAt: string | undefined;
  readonly confirmable: boolean;
  readonly cancelable: boolean;
  readonly discardable: boolean;
  readonly speculative: boolean;
  readonly refreshOnly: boolean;
  readonly workspaceId: string;
  readonly planId: string | undefined;
  readonly applyId: string | undefined;
};

export const runOf = ({ id, attributes, relationships }: t.TypeOf<typeof RunDocument>): Run => ({
  id,
  status: attributes.status,
  message: attributes.message ?? "",
  createdAt: attributes["created-at"] ?? "",
  finishedAt:
    attributes["status-timestamps"]?.["applied-at"] ??
    attributes["status-timestamps"]?.["planned-and-finished-at"] ??
    undefined,
  confirmable: attributes.actions["is-confirmable"],
  cancelable: attributes.actions["is-cancelable"],
  discardable: attributes.actions["is-discardable"],
  speculative: attributes["plan-only"] ?? false,
  refreshOnly: attributes["refresh-only"] ?? false,
  workspaceId: relationships.workspace.data.id,
  planId: relationships.plan?.data?.id,
  applyId: relationships.apply?.data?.id,
});

export type Workspace = {
  readonly id: string;
  readonly name: string;
  readonly locked: boolean;
  readonly currentRunId: string | undefined;
};

export const workspaceOf = ({
  id,
  attributes,
  relationships,
}: t.TypeOf<typeof WorkspaceDocument>): Workspace => ({
  id,
  name: attributes.name,
  locked: attributes.locked,
  currentRunId: relationships["current-run"]?.data?.id,
});
