import { useEffect, useState } from "preact/hooks";
import type { Order, OrderHistory, TimelineEntry } from "../../shapes";
import { useLive, useRead } from "../data";
import { Badge, Loaded, Missing, Page } from "../parts";
import { durationText, numberText, timeText } from "../words";

/** What there is to say of it; instants that the desk sent stay as they were sent. */
const factsOf = (order: Order): ReadonlyArray<readonly [name: string, text: string | undefined]> => [
  ["Product", order.product],
  ["Power", numberText(order.power)],
  ["Received", timeText(order.received_at)],
  [
    order.decided_at === undefined ? "Waiting for" : "Ended after",
    durationText(Date.parse(order.decided_at ?? new Date().toISOString()) - Date.parse(order.received_at)),
  ],
  ["Valid until", order.valid_until],
  ["Delivery from", order.delivery_start],
  ["Delivery to", order.delivery_end],
  ["Reference", order.reference],
  ["Reason", order.reason],
  ["Request", order.request_id],
];

const Facts = ({ order }: { order: Order }) => (
  <dl class="facts">
    {factsOf(order).map(
      ([name, text]) =>
        text !== undefined && (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={name === "Request" ? "code" : ""}>{text}</dd>
          </div>
        ),
    )}
  </dl>
);

const Entry = ({ entry, since }: { entry: TimelineEntry; since: number }) => (
  <li class={`${entry.from} ${entry.tone}`}>
    <div class="when">
      <time dateTime={entry.at} title={entry.at}>
        {timeText(entry.at)}
      </time>
      <span class="quiet">+{durationText(Date.parse(entry.at) - since)}</span>
    </div>
    <div class="what">
      <p>
        <strong>{entry.title}</strong>
        {entry.by !== undefined && (
          <a class="by" href={`/functions/${entry.by}`}>
            {entry.by}
          </a>
        )}
        {entry.run !== undefined && (
          <a class="by" href={`/runs/${entry.run}`}>
            run {entry.run.slice(0, 8)}
          </a>
        )}
      </p>
      {entry.text !== undefined && entry.text !== "" && <p class="code">{entry.text}</p>}
    </div>
  </li>
);

const History = ({ history: { order, timeline, problems } }: { history: OrderHistory }) => {
  const since = Math.min(...timeline.map(({ at }) => Date.parse(at)));
  return (
    <>
      <Facts order={order} />
      <Missing problems={problems} />
      <h2>History</h2>
      <ol class="timeline" aria-label="History">
        {timeline.map((entry, index) => (
          <Entry key={`${entry.at} ${entry.title} ${index}`} entry={entry} since={since} />
        ))}
      </ol>
    </>
  );
};

/** Lines about an order still come for a while after it is decided. */
const SETTLED_MS = 60_000;

const isSettled = ({ decided_at }: Order): boolean =>
  decided_at !== undefined && Date.now() - Date.parse(decided_at) > SETTLED_MS;

export const OrderPage = ({ id }: { id: string }) => {
  const { live } = useLive();
  const [settled, settle] = useState(false);
  const read = useRead<OrderHistory>(`/api/orders/${id}`, settled ? "settled" : live?.at);
  useEffect(() => settle(read.value !== undefined && isSettled(read.value.order)), [read.value]);
  const status = read.value?.order.status;
  return (
    <Page
      title={`Order ${id}`}
      aside={
        <>
          {status !== undefined && <Badge status={status} />}
          <a class="back" href="/orders">
            All orders
          </a>
        </>
      }
    >
      <Loaded read={read}>{(history) => <History history={history} />}</Loaded>
    </Page>
  );
};
