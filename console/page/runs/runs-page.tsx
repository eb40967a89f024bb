import { useState } from "preact/hooks";
import type { Run, RunsPage as Listed } from "../../shapes";
import { useLive, useRead } from "../data";
import { Badge, Loaded, Note, Page, Time } from "../parts";
import { Table } from "../table";
import { durationText } from "../words";

const Row = ({ run: { name, status, started_at, stopped_at } }: { run: Run }) => (
  <tr>
    <th scope="row">
      <a href={`/runs/${name}`}>{name.slice(0, 8)}</a>
    </th>
    <td class="wide">
      <Badge status={status} />
    </td>
    <td class="quiet">
      <Time at={started_at} />
    </td>
    <td class="number">
      {stopped_at === undefined ? "" : durationText(Date.parse(stopped_at) - Date.parse(started_at))}
    </td>
  </tr>
);

const COLUMNS = [["Run"], ["Status"], ["Began"], ["Took", "number"]] as const;

const Part = ({ cursor, again }: { cursor: string; again: unknown }) => {
  const read = useRead<Listed>(
    `/api/runs${cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`}`,
    again,
  );
  const [more, ask] = useState<string>();
  return (
    <Loaded read={read}>
      {({ runs, cursor: next }) => (
        <>
          {runs.length === 0 && cursor === "" && (
            <Note kind="empty">Nothing has run yet: the schedule starts the first.</Note>
          )}
          {runs.length > 0 && (
            <Table columns={COLUMNS}>
              {runs.map((run) => (
                <Row key={run.name} run={run} />
              ))}
            </Table>
          )}
          {more !== undefined && <Part cursor={more} again={undefined} />}
          {more === undefined && next !== undefined && (
            <button type="button" class="more" onClick={() => ask(next)}>
              Show more
            </button>
          )}
        </>
      )}
    </Loaded>
  );
};

export const RunsPage = () => {
  const { live } = useLive();
  const [held, hold] = useState<string>();
  return (
    <Page title="Runs" aside={<span class="quiet">of the state machine that fetches results</span>}>
      <div class="list" onPointerEnter={() => hold(live?.at)} onPointerLeave={() => hold(undefined)}>
        <Part cursor="" again={held ?? live?.at} />
      </div>
    </Page>
  );
};
