/** How an edge ends that says so. */
export const ARROW_HEAD = "url(#arrow)";

export const ArrowHead = () => (
  <defs>
    <marker id="arrow" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="6" markerHeight="6" orient="auto">
      <path d="M0,0.5 L7.5,4 L0,7.5 z" />
    </marker>
  </defs>
);
