/** Which grants were used, and which granted actions and resources were never needed. */
import type { Grant } from "./decide";
import type { Policy } from "./policy";

/** How often a role needed a grant. */
export type Use = {
  /** The role whose request it was, or whose policy it is. */
  readonly role: string;
  readonly policy: string;
  readonly statement: string;
  /** The statement's own words, wildcards and all. */
  readonly action: string;
  readonly resource: string;
  readonly calls: number;
};

const keyOf = ({ role, policy, statement, action, resource }: Omit<Use, "calls">): string =>
  JSON.stringify([role, policy, statement, action, resource]);

export const recorder = () => {
  const uses = new Map<string, Use>();
  return {
    /** Counts one allowed request: the grants of `decide`'s `Allowed`. */
    record: (role: string, grants: ReadonlyArray<Grant>): void => {
      for (const { policy, statement, action, resource } of grants) {
        const use = { role, policy, statement, action, resource };
        const key = keyOf(use);
        uses.set(key, { ...use, calls: (uses.get(key)?.calls ?? 0) + 1 });
      }
    },
    uses: (): ReadonlyArray<Use> => [...uses.values()],
  };
};

/** `action` was needed on none of the statement's resources, or `resource` by none of its actions. */
export type Unused = {
  readonly role: string;
  readonly policy: string;
  readonly statement: string;
} & (
  | { readonly _tag: "Action"; readonly action: string; readonly resources: ReadonlyArray<string> }
  | { readonly _tag: "Resource"; readonly resource: string; readonly actions: ReadonlyArray<string> }
);

/**
 * The allows of a role's policies that no recorded use needed. Not every pair of a statement's actions and
 * resources makes sense (`s3:GetObject` on a bucket), so an action counts as used on any of its resources.
 */
export const unusedGrants = (
  role: string,
  policies: ReadonlyArray<Policy>,
  uses: ReadonlyArray<Use>,
): ReadonlyArray<Unused> =>
  policies.flatMap(({ name: policy, statements }) =>
    statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ id: statement, actions, resources }): ReadonlyArray<Unused> => {
        const of = { role, policy, statement };
        const used = uses.filter(
          (use) => use.role === role && use.policy === policy && use.statement === statement,
        );
        const usedActions = new Set(used.map(({ action }) => action));
        const usedResources = new Set(used.map(({ resource }) => resource));
        return [
          ...actions.words
            .filter((action) => !usedActions.has(action))
            .map((action) => ({ _tag: "Action" as const, ...of, action, resources: resources.words })),
          ...resources.words
            .filter((resource) => !usedResources.has(resource))
            .map((resource) => ({ _tag: "Resource" as const, ...of, resource, actions: actions.words })),
        ];
      }),
  );
