import type { ComponentChildren } from "preact";

/** A heading, and how its cells stand: `number`, or `optional` where there is little room. */
type Column = readonly [name: string, kind?: "number" | "optional" | "number optional"];

type Rows = { readonly columns: ReadonlyArray<Column>; readonly children: ComponentChildren };

export const Table = ({ columns, children }: Rows) => (
  <table>
    <thead>
      <tr>
        {columns.map(([name, kind]) => (
          <th key={name} scope="col" class={kind}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
);

/** A table that scrolls where it is wider than the page. */
export const WideTable = ({ name, ...rows }: Rows & { readonly name: string }) => (
  <div class="list" role="region" aria-label={name} tabIndex={0}>
    <Table {...rows} />
  </div>
);
