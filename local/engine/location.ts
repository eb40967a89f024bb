/** Where a resource is: every ARN names both. */
export type Location = { readonly region: string; readonly account: string };

export const arn = (service: string, { region, account }: Location, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
