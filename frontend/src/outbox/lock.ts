/** Runs `work` while no other tab does. False when another tab holds the lock for now. */
export type Lock = (work: () => Promise<void>) => Promise<boolean>;

const HOLD_MS = 15_000;

/** Web Locks; they exist on HTTPS and localhost only. */
export function webLock(name: string): Lock {
  return async (work) => {
    await navigator.locks.request(name, work);
    return true;
  };
}

/**
 * A note in localStorage that runs out. Two tabs may slip through together; that costs one
 * repeated PUT, which the server answers with 200.
 */
export function noteLock(name: string, storage: Storage, owner: string, now = Date.now): Lock {
  const key = `${name}.lock`;
  return async (work) => {
    const [holder, until] = (storage.getItem(key) ?? "").split(" ");
    if (holder && holder !== owner && Number(until) > now()) return false;
    const hold = () => storage.setItem(key, `${owner} ${now() + HOLD_MS}`);
    hold();
    const timer = setInterval(hold, HOLD_MS / 3);
    try {
      await work();
    } finally {
      clearInterval(timer);
      storage.removeItem(key);
    }
    return true;
  };
}
