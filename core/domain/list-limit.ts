import { DispatchError } from "../errors/dispatch-error.js";

const defaultLimit = 20;
const maxLimit = 1000;

/** Rows to list: 0 means the default. */
export function checkedListLimit(limit: number): number {
  if (limit === 0) return defaultLimit;
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  throw new DispatchError("invalid_argument", `limit: must be 1 to ${maxLimit}.`, { metadata: { field: "limit", value: String(limit) } });
}
