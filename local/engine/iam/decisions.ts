/** What was decided about each request, for whoever looks at it. */
import { newest } from "../newest";
import type { Decision } from "./decide";
import { denialHint } from "./denial";
import { recorder, unusedGrants } from "./recorder";
import { principalArn, type Request } from "./request";
import type { Policy } from "./policy";

type Role = { readonly arn: string; readonly name: string };

const DECISIONS_KEPT = 200;
/** Refusals of many objects are many; more than this tells nobody more. */
const REFUSALS_KEPT = 200;

const textOf = (request: Request, decision: Decision): string =>
  decision._tag === "Allowed"
    ? [...new Set(decision.by.map(({ policy, statement }) => `${policy} ${statement}`))].join(", ")
    : denialHint(request, decision);

/** Put into words when somebody looks: every call is recorded, and few are looked at. */
type Recorded = { readonly at: string; readonly request: Request; readonly decision: Decision };

const inWords = ({ at, request, decision }: Recorded) => {
  const { principal, action, resource } = request;
  return {
    at,
    who: principal._tag === "Role" ? principal.name : principalArn(principal),
    action,
    resource,
    allowed: decision._tag === "Allowed",
    /** By which statements it was allowed, or what is missing or in the way. */
    text: textOf(request, decision),
  };
};
type Decided = ReturnType<typeof inWords>;

/** How often the same was refused. */
export type Refused = Decided & { readonly times: number };

export const decisionLog = (
  roles: ReadonlyArray<Role>,
  identityOf: (roleArn: string) => ReadonlyArray<Policy>,
) => {
  const used = recorder();
  const latest = newest<Recorded>(DECISIONS_KEPT);
  const refused = new Map<string, Refused>();

  return {
    record: (request: Request, decision: Decision): void => {
      const recorded = { at: new Date().toISOString(), request, decision };
      latest.put(recorded);
      if (decision._tag === "Allowed") {
        if (request.principal._tag === "Role") used.record(request.principal.name, decision.by);
        return;
      }
      const told = inWords(recorded);
      const { times } = refused.get(told.text) ?? { times: 0 };
      if (times > 0 || refused.size < REFUSALS_KEPT) refused.set(told.text, { ...told, times: times + 1 });
    },
    /** The newest decisions, the last one first; what was ever refused; which grants were used, and which were not. */
    all: () => ({
      newest: latest.all().map(inWords),
      refused: [...refused.values()],
      used: used.uses(),
      unused: roles.flatMap(({ arn, name }) => unusedGrants(name, identityOf(arn), used.uses())),
    }),
  };
};
