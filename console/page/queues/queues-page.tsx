import type { QueueRow } from "../../shapes";
import { useLive, useRead } from "../data";
import { Loaded, Note, Page } from "../parts";
import { durationText, numberText } from "../words";

const Row = ({ row }: { row: QueueRow }) => {
  const depth = row.waiting + row.inFlight + row.delayed;
  const bad = row.failuresOf !== undefined && depth > 0;
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
        {numberText(row.waiting)}
      </td>
      <td class="number">{numberText(row.inFlight)}</td>
      <td class="number optional">{numberText(row.delayed)}</td>
      <td class="number">
        {depth === 0 || row.oldestSeconds === undefined ? "" : durationText(row.oldestSeconds * 1_000)}
      </td>
    </tr>
  );
};

const hasDeadLetters = ({ failuresOf, waiting, inFlight }: QueueRow): boolean =>
  failuresOf !== undefined && waiting + inFlight > 0;

export const QueuesPage = () => {
  const { live } = useLive();
  const read = useRead<ReadonlyArray<QueueRow>>("/api/queues", live?.at);
  return (
    <Page title="Queues" aside={<span class="quiet">messages, now</span>}>
      <Loaded read={read}>
        {(rows) =>
          rows.length === 0 ? (
            <Note kind="empty">The stack declares no queue.</Note>
          ) : (
            <>
              {rows.some(hasDeadLetters) && (
                <Note kind="problem">
                  Messages could not be worked on.{" "}
                  <span class="code">npm run redrive -- local --dry-run</span> tells why, without the option
                  it moves those of the orders queue back.
                </Note>
              )}
              <div class="list" role="region" aria-label="Queues" tabIndex={0}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Queue</th>
                      <th scope="col">Holds</th>
                      <th scope="col" class="number">
                        Waiting
                      </th>
                      <th scope="col" class="number">
                        In flight
                      </th>
                      <th scope="col" class="number optional">
                        Delayed
                      </th>
                      <th scope="col" class="number">
                        Oldest
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row) => (
                      <Row key={row.id} row={row} />
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )
        }
      </Loaded>
    </Page>
  );
};
