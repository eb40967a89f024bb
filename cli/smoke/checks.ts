import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { NOT_SENT_REASON } from "../../functions/domain/order";
import { isFinal } from "../../functions/domain/status";
import type { ShownOrder } from "../orders-api/client";
import type { OrdersApi } from "./orders-api";
import type { NotHeld, Reporter } from "./report";
import type { Execution, Resources } from "./resources";
import type { TestOrder } from "./test-order";
import { type Patience, until } from "./poll";

export type Smoke = {
  readonly api: OrdersApi;
  readonly resources: Resources;
  readonly report: Reporter;
  readonly order: TestOrder;
  /** Whether the auction is the simulator: a real one must never see the order. */
  readonly simulated: boolean;
  readonly begun: Date;
  readonly patience: Patience;
  readonly say: (line: string) => void;
};

/** What is checked of resources alone. */
type Standing = Pick<Smoke, "resources" | "report">;

type Story = TE.TaskEither<NotHeld, unknown>;

const waited = ({ patience, begun }: Smoke): string =>
  `within ${((patience.deadline - begun.getTime()) / 1_000).toFixed(0)} s of the start`;

const expectOutcome =
  (wanted: string) =>
  (outcome: string): E.Either<string, string> =>
    outcome === wanted ? E.right(outcome) : E.left(`expected ${wanted}, got ${outcome}`);

const sameOrder =
  (order: TestOrder) =>
  (shown: ShownOrder): E.Either<string, ShownOrder> =>
    shown.order_id === order.order_id && shown.product === order.product && shown.power === order.power
      ? E.right(shown)
      : E.left("the order that came back is not the one that was sent");

const refusal = (paths: ReadonlyArray<string>): E.Either<string, string> =>
  paths.includes("orders[0].power")
    ? E.right("400, orders[0].power")
    : E.left(`expected a fault at orders[0].power, got ${paths.join(", ")}`);

const wasSent = E.left("it was sent to a real auction platform. Withdraw it there, then find out why");

/** Submitted to the simulator; or, where the auction platform is real, closed without being sent. */
const submission =
  ({ simulated }: Smoke) =>
  ({ status, reason }: ShownOrder): E.Either<string, ShownOrder["status"]> | undefined => {
    if (status === "received") return undefined;
    if (simulated)
      return status === "rejected"
        ? E.left(
            `the simulator accepts every test order, but this one is rejected: ${reason ?? "by its result"}`,
          )
        : E.right(status);
    return status === "rejected" && reason === NOT_SENT_REASON ? E.right(status) : wasSent;
  };

const decision =
  ({ simulated }: Smoke) =>
  ({ status }: ShownOrder): E.Either<string, string> | undefined => {
    if (!isFinal(status)) return undefined;
    return status === (simulated ? "accepted" : "rejected")
      ? E.right(status)
      : E.left(`expected ${simulated ? "accepted" : "rejected"}, got ${status}`);
  };

/** How often results are asked for. One that is asked for while others are being read ends by itself. */
const START_EVERY_MS = 60_000;

/** Asks for results now and then instead of waiting for the schedule, where that is allowed. */
const impatiently = <A>(smoke: Smoke, ask: TE.TaskEither<string, A>): TE.TaskEither<string, A> => {
  let startedAt = Number.NEGATIVE_INFINITY;
  return pipe(
    TE.fromIO(smoke.patience.now),
    TE.flatMap((now) => {
      if (now - startedAt < START_EVERY_MS) return TE.right(undefined);
      startedAt = now;
      return pipe(
        smoke.resources.startResults,
        TE.map((answer) => {
          if (answer === "started") return;
          startedAt = Number.POSITIVE_INFINITY;
          smoke.say(
            "        (these credentials may not start the results pipeline: waiting for its schedule)",
          );
        }),
      );
    }),
    TE.flatMap(() => ask),
  );
};

const archiveCheck = (smoke: Smoke): TE.TaskEither<string, string> => {
  const { resources, order, simulated } = smoke;
  if (!simulated) return TE.right("nothing to archive: it was not sent");
  return pipe(
    resources.inTable(order.order_id),
    TE.flatMapEither(({ archiveKey }) =>
      E.fromNullable("the accepted order names no object of the archive")(archiveKey),
    ),
    TE.flatMap((key) =>
      pipe(
        resources.archived(key),
        TE.flatMapEither((ids) =>
          ids.includes(order.order_id) ? E.right(key) : E.left(`the order is not in ${key}`),
        ),
      ),
    ),
  );
};

/** The test order on its way; each step builds on the one before. */
const orderStory = (smoke: Smoke): Story => {
  const { api, resources, report, order, patience } = smoke;
  const id = order.order_id;
  const late =
    (what: string) =>
    ({ status }: ShownOrder): string =>
      `still ${status}, not ${what}, ${waited(smoke)}`;
  return pipe(
    report.check(
      "test order stored",
      pipe(api.place(order), TE.flatMapEither(expectOutcome("stored"))),
      () => `order ${id}`,
    ),
    TE.flatMap(() =>
      report.check(
        "same order replayed",
        pipe(api.place(order), TE.flatMapEither(expectOutcome("replayed"))),
        () => "",
      ),
    ),
    TE.flatMap(() =>
      report.check(
        "order read",
        pipe(api.read(id), TE.flatMapEither(sameOrder(order))),
        ({ status }) => status,
      ),
    ),
    TE.flatMap(() => report.check("order in the table", resources.inTable(id), ({ status }) => status)),
    TE.flatMap(() =>
      report.check(
        "order submitted",
        until(api.read(id), submission(smoke), late("submitted"))(patience),
        (status) => (smoke.simulated ? status : "closed, not sent: the auction platform is a real one"),
      ),
    ),
    TE.flatMap(() =>
      report.check(
        "order decided",
        until(
          smoke.simulated ? impatiently(smoke, api.read(id)) : api.read(id),
          decision(smoke),
          late("decided"),
        )(patience),
        (status) => status,
      ),
    ),
    TE.flatMap(() => report.check("order archived", archiveCheck(smoke), (key) => key)),
  );
};

const succeeded =
  ({ begun }: Smoke) =>
  ([last]: ReadonlyArray<Execution>): E.Either<string, string> | undefined => {
    if (last === undefined || last.stoppedAt < begun) return undefined;
    return last.status === "SUCCEEDED"
      ? E.right(last.name)
      : E.left(`execution ${last.name} ended ${last.status}; its history and the functions' logs say why`);
  };

const pipelineCheck = (smoke: Smoke): Story =>
  smoke.report.check(
    "results pipeline succeeded",
    until(
      impatiently(smoke, smoke.resources.ended),
      succeeded(smoke),
      () => `no execution ended ${waited(smoke)}`,
    )(smoke.patience),
    (name) => `execution ${name}`,
  );

const subscribed = (count: number): E.Either<string, number> =>
  count > 0 ? E.right(count) : E.left("nobody is subscribed: rejections would be announced to nobody");

const noneDead = ({ queue, count }: { readonly queue: string; readonly count: number }) =>
  count === 0
    ? E.right(queue)
    : E.left(`${queue} has ${count}; see what they are: npm run redrive -- ENVIRONMENT --dry-run`);

const subscriptionsCheck = ({ report, resources }: Standing): Story =>
  report.check(
    "notifications subscribed",
    pipe(resources.subscriptions, TE.flatMapEither(subscribed)),
    String,
  );

const deadLettersCheck = ({ report, resources }: Standing): Story =>
  report.check(
    "dead-letter queue empty",
    pipe(resources.deadLetters, TE.flatMapEither(noneDead)),
    (queue) => queue,
  );

/** Runs the checks that need no function to run. */
export const runStandingChecks = (standing: Standing) => async (): Promise<void> => {
  await subscriptionsCheck(standing)();
  await deadLettersCheck(standing)();
};

/** Runs every check. A failed one skips only those that build on it. */
export const runChecks = (smoke: Smoke) => async (): Promise<void> => {
  const { api, report } = smoke;
  const healthy = await report.check("health", api.health, () => "")();
  if (E.isRight(healthy)) {
    await report.check(
      "malformed order refused",
      pipe(api.refuse, TE.flatMapEither(refusal)),
      (seen) => seen,
    )();
    await orderStory(smoke)();
  }
  await subscriptionsCheck(smoke)();
  await pipelineCheck(smoke)();
  await deadLettersCheck(smoke)();
};
