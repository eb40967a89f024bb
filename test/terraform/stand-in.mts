import { type Emulator, startEmulator } from "../../cli/emulate/emulator.mts";
import { AccountMemory } from "./account-memory.mts";
import { actionsOf } from "./requests.mts";
import { callOf } from "./wire.mts";

/** The AWS emulator that the suites apply to, and what was asked of it. */
export type StandIn = Emulator & {
  /** The IAM actions that calls needed since this was last asked, by the access key they were signed with. */
  readonly actionsSince: (accessKey: string) => ReadonlyArray<string>;
};

export const startStandIn = async (env: NodeJS.ProcessEnv): Promise<StandIn> => {
  const memory = new AccountMemory();
  const needed = new Map<string, Set<string>>();
  const emulator = await startEmulator(env, (incoming, body) => {
    const call = callOf(incoming, body);
    const actions = needed.get(call.accessKey) ?? new Set();
    needed.set(call.accessKey, actions);
    for (const action of actionsOf(call, memory)) actions.add(action);
  });
  return {
    ...emulator,
    actionsSince: (accessKey) => {
      const actions = [...(needed.get(accessKey) ?? [])].sort();
      needed.delete(accessKey);
      return actions;
    },
  };
};
