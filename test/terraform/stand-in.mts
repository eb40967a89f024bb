import type { IncomingMessage } from "node:http";
import { type Emulator, startEmulator } from "../../cli/emulate/emulator.mts";
import { actionsOf } from "./actions.mts";

/** The AWS emulator that the suites apply to, and what was asked of it. */
export type StandIn = Emulator & {
  /** The IAM actions that calls needed since this was last asked, by the access key they were signed with. */
  readonly actionsSince: (accessKey: string) => ReadonlyArray<string>;
};

const accessKeyOf = ({ headers }: IncomingMessage): string =>
  /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";

export const startStandIn = async (env: NodeJS.ProcessEnv): Promise<StandIn> => {
  const needed = new Map<string, Set<string>>();
  const emulator = await startEmulator(env, (incoming, body) => {
    const key = accessKeyOf(incoming);
    const actions = needed.get(key) ?? new Set();
    needed.set(key, actions);
    for (const action of actionsOf(incoming, body)) actions.add(action);
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
