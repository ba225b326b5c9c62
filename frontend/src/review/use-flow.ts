import { useEffect } from "react";
import { type Reason, rowsOf, useReviewList } from "./use-review";

/** Going through a list item by item. */
export interface Flow {
  reason: Reason;
  /** The item's place in what is loaded of the list; null where it is not in it. */
  place: number | null;
  count: number;
  /** There is more than what is loaded. */
  more: boolean;
  previous: string | null;
  next: string | null;
}

const AHEAD = 3;

/** Where an item stands in its list, and its neighbours; loads on before the end is reached. */
export function useFlow(project: string, item: string, reason: Reason): Flow {
  const list = useReviewList(project, reason, { still: true });
  const rows = rowsOf(list.data);
  const found = rows.findIndex((row) => row.item === item);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (found >= 0 && found + AHEAD >= rows.length && hasNextPage && !isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [found, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    reason,
    place: found < 0 ? null : found,
    count: rows.length,
    more: hasNextPage,
    previous: found > 0 ? (rows[found - 1]?.item ?? null) : null,
    // From an item that is not in the list, as one reached by a link, the way leads to the list's first.
    next: rows[found + 1]?.item ?? null,
  };
}
