/** What the local platform alone knows, asked of it by messages between threads. */
import type { MessagePort } from "node:worker_threads";
import * as t from "io-ts";
import type { Faults, Permissions } from "./shapes";

export type Host = {
  readonly permissions: () => Promise<Permissions>;
  readonly faults: () => Promise<Faults>;
  /** False where there is no such fault. */
  readonly switchFault: (rule: string, on: boolean) => Promise<boolean>;
};

const Grant = { role: t.string, policy: t.string, statement: t.string };
const Decided = {
  at: t.string,
  who: t.string,
  action: t.string,
  resource: t.string,
  allowed: t.boolean,
  text: t.string,
};
const PermissionsCodec: t.Type<Permissions, unknown> = t.type({
  newest: t.readonlyArray(t.type(Decided)),
  refused: t.readonlyArray(t.type({ ...Decided, times: t.number })),
  used: t.readonlyArray(t.type({ ...Grant, action: t.string, resource: t.string, calls: t.number })),
  unused: t.readonlyArray(
    t.intersection([t.type(Grant), t.partial({ action: t.string, resource: t.string })]),
  ),
});

const FaultsCodec: t.Type<Faults, unknown> = t.type({
  rules: t.readonlyArray(t.type({ id: t.string, text: t.string, on: t.boolean })),
  happened: t.readonlyArray(t.type({ at: t.string, text: t.string })),
});

const Answer = t.type({ answer: t.number, body: t.unknown });

export const hostAt = (port: Pick<MessagePort, "on" | "postMessage">): Host => {
  const waiting = new Map<number, (body: unknown) => void>();
  let last = 0;
  port.on("message", (message: unknown) => {
    if (!Answer.is(message)) return;
    waiting.get(message.answer)?.(message.body);
    waiting.delete(message.answer);
  });
  const ask = async <A>(question: object, codec: t.Type<A, unknown>): Promise<A> => {
    last += 1;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(last, resolve);
    port.postMessage({ ask: last, ...question });
    const body = await promise;
    if (!codec.is(body)) throw new Error("the platform said what nobody understands");
    return body;
  };
  return {
    permissions: () => ask({ of: "permissions" }, PermissionsCodec),
    faults: () => ask({ of: "faults" }, FaultsCodec),
    switchFault: (rule, on) => ask({ of: "switch", rule, on }, t.boolean),
  };
};
