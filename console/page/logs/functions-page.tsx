import type { FunctionRow, FunctionsPage as Listed } from "../../shapes";
import { useLive, useRead } from "../data";
import { Loaded, Missing, Note, Page } from "../parts";
import { WideTable } from "../table";
import { durationText, numberOf } from "../words";

const duration = (ms: number | undefined): string => (ms === undefined ? "" : durationText(ms));

const isAny = (count: number | undefined): boolean => count !== undefined && count > 0;

const Row = ({ row }: { row: FunctionRow }) => (
  <tr>
    <th scope="row" class="wide">
      <a href={`/functions/${row.name}`}>{row.name}</a>
    </th>
    <td class="number">{numberOf(row.calls)}</td>
    <td class={`number ${isAny(row.errors) ? "bad" : ""}`}>
      {isAny(row.errors) && "⚠ "}
      {numberOf(row.errors)}
    </td>
    <td class={`number optional ${isAny(row.throttles) ? "bad" : ""}`}>{numberOf(row.throttles)}</td>
    <td class="number">{duration(row.averageMs)}</td>
    <td class="number optional">{duration(row.longestMs)}</td>
  </tr>
);

const COLUMNS = [
  ["Function"],
  ["Calls", "number"],
  ["Errors", "number"],
  ["Throttled", "number optional"],
  ["Average", "number"],
  ["Longest", "number optional"],
] as const;

export const FunctionsPage = () => {
  const { live } = useLive();
  const read = useRead<Listed>("/api/functions", live?.at);
  return (
    <Page title="Functions" aside={<span class="quiet">in the last hour</span>}>
      <Loaded read={read}>
        {({ rows, problems }) =>
          rows.length === 0 ? (
            <Note kind="empty">The stack declares no function.</Note>
          ) : (
            <>
              <Missing problems={problems} />
              <WideTable name="Functions" columns={COLUMNS}>
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
