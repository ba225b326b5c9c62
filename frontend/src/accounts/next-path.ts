/** Where to go after signing in: a path of this site only, so that a link cannot lead elsewhere. */
export function nextPath(asked: string | null): string {
  return asked?.startsWith("/") && !asked.startsWith("//") && !asked.includes("\\")
    ? asked
    : "/start";
}
