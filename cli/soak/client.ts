import { setTimeout as sleep } from "node:timers/promises";
import { isRight } from "fp-ts/Either";
import { type ClientError, type OrderToSend, type Outcome, postOrders } from "../orders-api/client";

/** After so long without an answer there will be none. */
export const PATIENCE_MS = 120_000;

/** An answer that the API does not document, or that cannot be true of the orders sent. */
const wrongAnswer = (error: ClientError): string | undefined => {
  switch (error._tag) {
    case "Unreachable":
      return undefined;
    case "NotTheOrdersApi":
      return `a request was answered ${error.status} in words that are not documented`;
    case "Refused":
      return error.status < 500 && error.status !== 429
        ? `a request was refused with ${error.status}: ${error.problem.title}`
        : undefined;
  }
};

const wrongOutcome = ({ order_id, outcome }: Outcome): string | undefined =>
  outcome === "stored" || outcome === "replayed"
    ? undefined
    : `order ${order_id}, posted with one content only, was answered ${outcome}`;

const refuse = (wrong: string | undefined): void => {
  if (wrong !== undefined) throw new Error(wrong);
};

/** The ids of orders from 1 on, as many to a request as that holds. */
export function* batches(orders: number, each: number): Generator<number[]> {
  for (let first = 1; first <= orders; first += each)
    yield Array.from({ length: Math.min(each, orders - first + 1) }, (_, index) => first + index);
}

type Post = ReturnType<typeof postOrders>;

/**
 * Sends again what was not answered, since every request is safe to repeat.
 *
 * @param times how often to send it at once
 * @param refusals statuses that are an answer, too: none of its orders is stored then
 */
export const placed = async (
  post: Post,
  orders: ReadonlyArray<OrderToSend>,
  { times = 1, refusals = [] }: { readonly times?: number; readonly refusals?: ReadonlyArray<number> },
): Promise<ReadonlyArray<Outcome> | undefined> => {
  for (const asked = Date.now(); ;) {
    const answers = await Promise.all(Array.from({ length: times }, () => post(orders)()));
    for (const answer of answers) {
      if (isRight(answer)) for (const outcome of answer.right) refuse(wrongOutcome(outcome));
      else if (answer.left._tag === "Refused" && refusals.includes(answer.left.status)) return undefined;
      else refuse(wrongAnswer(answer.left));
    }
    const answered = answers.find(isRight);
    if (answered !== undefined) return answered.right;
    if (Date.now() - asked > PATIENCE_MS)
      throw new Error(
        `the platform has not answered a request for ${PATIENCE_MS / 1_000} s, the last time: ${JSON.stringify(answers)}`,
      );
    await sleep(200);
  }
};

/** @param copies how often to send the next request at once */
export const client = async (
  apiUrl: string,
  requests: Iterator<number[]>,
  onAnswer: (id: number) => void,
  copies: () => number,
): Promise<void> => {
  const post = postOrders(new URL(apiUrl), { attempts: 6 });
  for (let next = requests.next(); next.done !== true; next = requests.next()) {
    const orders = next.value.map((id): OrderToSend => ({
      order_id: id,
      product: `Product${id % 7}`,
      power: (id % 201) - 100 || 1,
    }));
    for (const { order_id } of (await placed(post, orders, { times: copies() })) ?? []) onAnswer(order_id);
  }
};
