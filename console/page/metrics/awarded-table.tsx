import type { Awarded } from "../../shapes";
import { type Span, SPANS } from "../../spans";
import { Note } from "../parts";
import { WideTable } from "../table";
import { minuteText, numberText } from "../words";

const COLUMNS = [
  ["Product"],
  ["Bought and sold", "optional"],
  ["Bought", "number"],
  ["Sold", "number"],
  ["Orders", "number"],
] as const;

type Product = Awarded["products"][number];

/** How much it is of the most, as a bar: what was bought filled, what was sold outlined. The numbers stand beside it. */
const Bar = ({ product: { bought, sold }, most }: { product: Product; most: number }) => (
  <svg class="bar" viewBox={`0 0 ${most} 10`} preserveAspectRatio="none" aria-hidden="true">
    <rect class="bought" x="0" y="1" width={bought} height="8" />
    <rect class="sold" x={bought} y="1" width={sold} height="8" />
  </svg>
);

/** What the sums are about: all, or the newest that were looked at. */
const coverText = ({ orders, cut, since }: Awarded, span: Span): string =>
  cut
    ? `Of the newest ${numberText(orders)} accepted orders, since ${minuteText(new Date(since))}; there were more before`
    : `Of all ${numberText(orders)} orders that were accepted in the last ${SPANS[span].name}`;

/** Awarded power by product. */
export const AwardedTable = ({ awarded, span }: { awarded: Awarded; span: Span }) => {
  const { products, more } = awarded;
  const [first] = products;
  if (first === undefined)
    return <Note kind="empty">No order was accepted in the last {SPANS[span].name}.</Note>;
  const most = first.bought + first.sold;
  return (
    <>
      <p class="quiet">
        {coverText(awarded, span)}
        {more > 0 && `. ${numberText(more)} products with less are left out`}. Each product has its own unit.
      </p>
      <WideTable name="Awarded power by product" columns={COLUMNS}>
        {products.map((product) => (
          <tr key={product.product}>
            <th scope="row">
              <a
                href={`/orders?${String(new URLSearchParams({ status: "accepted", product: product.product }))}`}
              >
                {product.product}
              </a>
            </th>
            <td class="wide optional">
              <Bar product={product} most={most} />
            </td>
            <td class="number">{numberText(product.bought)}</td>
            <td class="number">{numberText(product.sold)}</td>
            <td class="number">{numberText(product.orders)}</td>
          </tr>
        ))}
      </WideTable>
    </>
  );
};
