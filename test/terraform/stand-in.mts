import { type Emulator, startEmulator } from "../../cli/emulate/emulator.mts";
import { AccountMemory } from "./account-memory.mts";
import { type Refusal, refusalOf, type RunRole } from "./judge.mts";
import { accessesOf, actionsOf, learn } from "./requests.mts";
import { accessDenied, callOf } from "./wire.mts";

/** The AWS emulator that the suites apply to, behind the policies of those who ask. */
export type StandIn = Emulator & {
  /** The IAM actions that calls needed since this was last asked, by the access key they were signed with. */
  readonly actionsSince: (accessKey: string) => ReadonlyArray<string>;
  /** What was refused to an access key since this was last asked, each thing once. */
  readonly refusedSince: (accessKey: string) => ReadonlyArray<string>;
};

/** What each access key has told of since it was last asked. */
class Heard {
  private readonly byKey = new Map<string, Set<string>>();

  add(key: string, lines: ReadonlyArray<string>): void {
    this.byKey.set(key, new Set([...(this.byKey.get(key) ?? []), ...lines]));
  }

  since(key: string): ReadonlyArray<string> {
    const lines = [...(this.byKey.get(key) ?? [])].sort();
    this.byKey.delete(key);
    return lines;
  }
}

/** @param roles the role that calls are judged by, by the access key that signs them; others are the administrator's */
export const startStandIn = async (
  env: NodeJS.ProcessEnv,
  roles: ReadonlyMap<string, RunRole> = new Map(),
): Promise<StandIn> => {
  const memory = new AccountMemory();
  const needed = new Heard();
  const refused = new Heard();
  const emulator = await startEmulator(env, {
    refusal: (incoming, body) => {
      const call = callOf(incoming, body);
      needed.add(call.accessKey, actionsOf(call, memory));
      const role = roles.get(call.accessKey);
      const refusal: Refusal | undefined =
        role === undefined ? undefined : refusalOf(role, accessesOf(call, memory), memory);
      if (refusal === undefined) return undefined;
      refused.add(call.accessKey, [refusal.hint]);
      return accessDenied(call, refusal.message);
    },
    answered: (incoming, body, answer) => {
      learn(callOf(incoming, body), answer.toString(), memory);
    },
  });
  return {
    ...emulator,
    actionsSince: (accessKey) => needed.since(accessKey),
    refusedSince: (accessKey) => refused.since(accessKey),
  };
};
