/** Pure steps of building a ranking: tiers of ids, the best first, without empty tiers. */

export type Tiers = readonly (readonly string[])[];

/** `tiers` without `id`, and where it was. */
export function unrank(tiers: Tiers, id: string): string[][] {
  return tiers.map((tier) => tier.filter((one) => one !== id)).filter((tier) => tier.length > 0);
}

/** The outputs that are not ranked, in the order shown. */
export function unranked(tiers: Tiers, ids: readonly string[]): string[] {
  const ranked = new Set(tiers.flat());
  return ids.filter((id) => !ranked.has(id));
}

const tierOf = (tiers: Tiers, id: string) => tiers.findIndex((tier) => tier.includes(id));

/** Puts `id` on a tier of its own at place `rank` (1 is the best); the others move down. */
export function placeAt(tiers: Tiers, id: string, rank: number): string[][] {
  const rest = unrank(tiers, id);
  const place = Math.min(Math.max(rank - 1, 0), rest.length);
  return [...rest.slice(0, place), [id], ...rest.slice(place)];
}

/** Puts `id` beside `other`; they are tied then. */
export function tieWith(tiers: Tiers, id: string, other: string): string[][] {
  if (id === other || tierOf(tiers, other) < 0) return tiers.map((tier) => [...tier]);
  return unrank(tiers, id).map((tier) => (tier.includes(other) ? [...tier, id] : tier));
}

/** Ties `id` with the tier above it. */
export function tieUp(tiers: Tiers, id: string): string[][] {
  const above = tiers[tierOf(tiers, id) - 1]?.[0];
  return above === undefined ? tiers.map((tier) => [...tier]) : tieWith(tiers, id, above);
}

/**
 * Moves `id` one place up (-1) or down (1). Out of a tie it gets a tier of its own; with ties
 * forbidden or alone on its tier it changes places with its neighbour. Unranked, it enters at the end.
 */
export function shift(tiers: Tiers, id: string, step: -1 | 1): string[][] {
  const at = tierOf(tiers, id);
  const tier = tiers[at];
  if (!tier) return placeAt(tiers, id, tiers.length + 1);
  if (tier.length > 1) return placeAt(tiers, id, step < 0 ? at + 1 : at + 2);
  return placeAt(tiers, id, at + 1 + step);
}
