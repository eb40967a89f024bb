import type { Depth, QueueRow, QueuesPage as Listed } from "../../shapes";
import { useAbout, useLive, useRead } from "../data";
import { Loaded, Missing, Note, Page } from "../parts";
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
