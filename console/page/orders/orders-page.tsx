import { useEffect, useState } from "preact/hooks";
import type { Order, OrdersPage as Listed } from "../../shapes";
import { STATUSES } from "../../statuses";
import { useAbout, useLive, useRead } from "../data";
import { Badge, Loaded, Note, Page, Time } from "../parts";
import { go, withQuery } from "../route";
import { Table } from "../table";
import { numberText } from "../words";

const Filters = ({ url }: { url: URL }) => {
  const { live } = useLive();
  const status = url.searchParams.get("status") ?? "";
  return (
    <div class="filters">
      <ul class="tabs" aria-label="Status">
        {["", ...STATUSES].map((one) => {
          const count = live?.orders?.find(({ status: counted }) => counted === one);
          return (
            <li key={one}>
              <a href={withQuery(url, { status: one })} aria-current={one === status ? "true" : undefined}>
                {one === "" ? "all" : one}
                {count !== undefined && (
                  <span class="count">
                    {numberText(count.count)}
                    {count.more && "+"}
                  </span>
                )}
              </a>
            </li>
          );
        })}
      </ul>
      <input
        type="search"
        aria-label="Product"
        placeholder="Product contains …"
        value={url.searchParams.get("product") ?? ""}
        onInput={({ currentTarget }) => go(withQuery(url, { product: currentTarget.value }), "replace")}
      />
    </div>
  );
};

const Row = ({ order }: { order: Order }) => (
  <tr>
    <th scope="row">
      <a href={`/orders/${order.order_id}`}>{order.order_id}</a>
    </th>
    <td class="wide">{order.product}</td>
    <td class="number">{numberText(order.power)}</td>
    <td>
      <Badge status={order.status} />
    </td>
    <td class="quiet">
      <Time at={order.received_at} />
    </td>
    <td class="quiet optional">{order.decided_at === undefined ? "" : <Time at={order.decided_at} />}</td>
  </tr>
);

const COLUMNS = [
  ["Order"],
  ["Product"],
  ["Power", "number"],
  ["Status"],
  ["Received"],
  ["Decided", "optional"],
] as const;

/** The pages after the first, each of which is read once it is asked for. */
const More = ({ search, cursor }: { search: URLSearchParams; cursor: string }) => {
  const [asked, ask] = useState(false);
  return asked ? (
    <Part search={search} cursor={cursor} again={undefined} />
  ) : (
    <button type="button" class="more" onClick={() => ask(true)}>
      Show more
    </button>
  );
};

const Part = ({ search, cursor, again }: { search: URLSearchParams; cursor: string; again: unknown }) => {
  const query = new URLSearchParams(search);
  if (cursor !== "") query.set("cursor", cursor);
  const read = useRead<Listed>(`/api/orders?${query.toString()}`, again);
  return (
    <Loaded read={read}>
      {({ orders, looked, cursor: next }) => (
        <>
          {orders.length > 0 && (
            <Table columns={COLUMNS}>
              {orders.map((order) => (
                <Row key={order.order_id} order={order} />
              ))}
            </Table>
          )}
          {orders.length === 0 && next === undefined && cursor === "" && <Empty search={search} />}
          {search.has("product") && next !== undefined && (
            <p class="quiet">{numberText(looked)} orders looked at so far.</p>
          )}
          {next !== undefined && <More key={next} search={search} cursor={next} />}
        </>
      )}
    </Loaded>
  );
};

const Empty = ({ search }: { search: URLSearchParams }) => {
  const local = useAbout()?.local ?? false;
  return (
    <Note kind="empty">
      {search.size > 0
        ? "No order is as the filters ask."
        : `No order was posted yet.${local ? " npm start prints a curl line that posts eight." : ""}`}
    </Note>
  );
};

/** Read again when the counts say that something happened, and never under the pointer. */
const useNews = (): [again: string, hold: (held: boolean) => void] => {
  const { live } = useLive();
  const [held, setHeld] = useState(false);
  const news = JSON.stringify(live?.orders);
  const [again, setAgain] = useState(news);
  useEffect(() => {
    if (!held) setAgain(news);
  }, [news, held]);
  return [again, setHeld];
};

export const OrdersPage = ({ url }: { url: URL }) => {
  const [again, hold] = useNews();
  const search = new URLSearchParams(
    ["status", "product"].flatMap((name) => {
      const value = url.searchParams.get(name) ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
  return (
    <Page title="Orders">
      <Filters url={url} />
      <div class="list" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
        <Part key={search.toString()} search={search} cursor="" again={again} />
      </div>
    </Page>
  );
};
