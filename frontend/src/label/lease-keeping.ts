/** When a page renews its leases, and which it lets go. Pure; `useLeases` does it. */

/** Without a key, a move or a scroll for so long, nobody is working. */
export const ACTIVE_MS = 5 * 60_000;
/** How long a closed page's leases wait, so that one that is only loaded again finds them. */
export const RETURN_SECONDS = 15;
/** After leaving for another page of the application, from where one often comes back. */
export const LEAVE_SECONDS = 60;

export interface Lease {
  lease: string;
  expires_at: string;
}

/** How often to look: several times in the life of the shortest lease, and no oftener than of use. */
export const checkEvery = (leaseSeconds: number) =>
  Math.min(30_000, Math.max(500, (1000 * leaseSeconds) / 8));

/** Whether to renew now: somebody is working, and a lease is past half its time. */
export function isDue(
  leases: readonly Lease[],
  { now, lastSign, leaseSeconds }: { now: number; lastSign: number; leaseSeconds: number },
): boolean {
  if (now - lastSign > Math.min(ACTIVE_MS, 1000 * leaseSeconds)) return false;
  const soon = now + 500 * leaseSeconds;
  return leases.some(({ expires_at }) => Date.parse(expires_at) < soon);
}

/**
 * What a closed page gives back: everything it holds but what a judgment that is not sent yet leans
 * on, whose place somebody else would take.
 */
export function leasesToReturn(ring: readonly Lease[], unsent: readonly string[]): string[] {
  const kept = new Set(unsent);
  return ring.map(({ lease }) => lease).filter((lease) => lease !== "" && !kept.has(lease));
}
