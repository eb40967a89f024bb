/** What the functions count in their log lines (embedded metric format), and alarms watch. */
export const UNREADABLE_ORDERS = { namespace: "OrdersPlatform", name: "UnreadableOrders" } as const;
