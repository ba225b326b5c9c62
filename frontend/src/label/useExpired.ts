import { useEffect, useState } from "react";

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Whether a time has passed; an empty one never does. */
export function useExpired(at: string): boolean {
  const [expired, setExpired] = useState(false);
  useEffect(() => {
    const left = Date.parse(at) - Date.now();
    if (Number.isNaN(left)) {
      setExpired(false);
      return;
    }
    setExpired(left <= 0);
    if (left <= 0) return;
    const timer = setTimeout(() => setExpired(true), Math.min(left, LONGEST_TIMEOUT));
    return () => clearTimeout(timer);
  }, [at]);
  return expired;
}
