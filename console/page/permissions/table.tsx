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
  <div class="list" role="region" aria-label={name} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {head.map((one) => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...rest] }) => (
          <tr key={key}>
            <th scope="row">{first}</th>
            {rest.map((cell, index) => (
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const code = (text: string) => <span class="code labels">{text}</span>;
