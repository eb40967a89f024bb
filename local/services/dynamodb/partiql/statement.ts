/** The statements of PartiQL that the local table runs; every value is a parameter, by its place. */
export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Condition =
  | {
      readonly _tag: "Compare";
      readonly attribute: string;
      readonly comparator: Comparator;
      readonly parameter: number;
    }
  | { readonly _tag: "In"; readonly attribute: string; readonly parameters: ReadonlyArray<number> }
  | { readonly _tag: "IsMissing"; readonly attribute: string }
  | { readonly _tag: "HasType"; readonly attribute: string; readonly parameter: number }
  | { readonly _tag: "Not"; readonly condition: Condition }
  | { readonly _tag: "And" | "Or"; readonly conditions: ReadonlyArray<Condition> };

/** What an attribute is set to: a parameter, or what another holds and that more. */
export type Assignment = { readonly attribute: string; readonly parameter: number; readonly addTo?: string };

export type Statement = { readonly table: string; readonly parameters: number } & (
  | { readonly _tag: "Insert"; readonly values: ReadonlyArray<Assignment> }
  | {
      readonly _tag: "Update";
      readonly set: ReadonlyArray<Assignment>;
      readonly remove: ReadonlyArray<string>;
      readonly where: Condition;
    }
  | { readonly _tag: "Select"; readonly where: Condition }
);
