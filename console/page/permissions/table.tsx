import { WideTable } from "../table";

type Row = { readonly key: string; readonly cells: ReadonlyArray<preact.ComponentChildren> };

export const Table = ({
  name,
  head,
  rows,
}: {
  name: string;
  head: ReadonlyArray<string>;
  rows: ReadonlyArray<Row>;
}) => (
  <WideTable name={name} columns={head.map((one) => [one] as const)}>
    {rows.map(({ key, cells: [first, ...rest] }) => (
      <tr key={key}>
        <th scope="row">{first}</th>
        {rest.map((cell, index) => (
          <td key={index}>{cell}</td>
        ))}
      </tr>
    ))}
  </WideTable>
);

export const code = (text: string) => <span class="code labels">{text}</span>;
