import type { Depth, QueueRow, QueuesPage as Listed } from "../../shapes";
import { useAbout, useLive, useRead } from "../data";
import { Loaded, Missing, Note, Page } from "../parts";
import { WideTable } from "../table";
import { durationText, numberOf } from "../words";

const sizeOf = ({ waiting, inFlight, delayed }: Depth): number => waiting + inFlight + delayed;

const isEmpty = ({ depth }: QueueRow): boolean => depth !== undefined && sizeOf(depth) === 0;

const hasDeadLetters = ({ failuresOf, depth }: QueueRow): boolean =>
  failuresOf !== undefined && depth !== undefined && sizeOf(depth) > 0;

const Row = ({ row }: { row: QueueRow }) => {
  const bad = hasDeadLetters(row);
  return (
    <tr>
      <th scope="row">
        <a href={`/?node=${row.id}`}>{row.name}</a>
      </th>
      <td class="wide quiet">
        {row.failuresOf === undefined ? "work" : `what failed of ${row.failuresOf.join(", ")}`}
      </td>
      <td class={`number ${bad ? "bad" : ""}`}>
        {bad && "⚠ "}
        {numberOf(row.depth?.waiting)}
      </td>
      <td class="number">{numberOf(row.depth?.inFlight)}</td>
      <td class="number optional">{numberOf(row.depth?.delayed)}</td>
      <td class="number">
        {isEmpty(row) || row.oldestSeconds === undefined ? "" : durationText(row.oldestSeconds * 1_000)}
      </td>
    </tr>
  );
};

const COLUMNS = [
  ["Queue"],
  ["Holds"],
  ["Waiting", "number"],
  ["In flight", "number"],
  ["Delayed", "number optional"],
  ["Oldest", "number"],
] as const;

export const QueuesPage = () => {
  const { live } = useLive();
  const environment = useAbout()?.environment ?? "";
  const read = useRead<Listed>("/api/queues", live?.at);
  return (
    <Page title="Queues" aside={<span class="quiet">messages, now</span>}>
      <Loaded read={read}>
        {({ rows, problems }) =>
          rows.length === 0 ? (
            <Note kind="empty">The stack declares no queue.</Note>
          ) : (
            <>
              <Missing problems={problems} />
              {rows.some(hasDeadLetters) && (
                <Note kind="problem">
                  Messages could not be worked on.{" "}
                  <span class="code">npm run redrive -- {environment} --dry-run</span> tells why, without the
                  option it moves those of the orders queue back.
                </Note>
              )}
              <WideTable name="Queues" columns={COLUMNS}>
                {rows.map((row) => (
                  <Row key={row.id} row={row} />
                ))}
              </WideTable>
            </>
          )
        }
      </Loaded>
    </Page>
  );
};
