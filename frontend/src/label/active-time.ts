/** Longer than this without a key or a move of the pointer is not counted. */
export const IDLE_MS = 30_000;

/** Measures the time somebody really spent: it stands still while the page is hidden or idle. */
export class ActiveTime {
  private total = 0;
  private seenAt: number | null;

  constructor(
    private readonly now: () => number = () => performance.now(),
    visible = true,
  ) {
    this.seenAt = visible ? this.now() : null;
  }

  /** A sign of life: a key, a pointer, a scroll. */
  touch(): void {
    const now = this.now();
    if (this.seenAt !== null) this.total += Math.min(now - this.seenAt, IDLE_MS);
    this.seenAt = now;
  }

  hide(): void {
    this.touch();
    this.seenAt = null;
  }

  show(): void {
    if (this.seenAt === null) this.seenAt = this.now();
  }

  /** The active milliseconds so far. */
  read(): number {
    const running = this.seenAt === null ? 0 : Math.min(this.now() - this.seenAt, IDLE_MS);
    return Math.round(this.total + running);
  }
}
