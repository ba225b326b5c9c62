import { Kbd } from "@mantine/core";
import { keySymbol, type Named } from "./keymap";
import { useKeyOf } from "./keys";

/** The key of an action, to stand on its button; nothing where no key is left for it. */
export function KeyHint({ of, ml }: { of: Named; ml?: "auto" }) {
  const key = useKeyOf()(of);
  if (key === "") return null;
  return (
    <Kbd size="xs" ml={ml} aria-hidden>
      {keySymbol(key)}
    </Kbd>
  );
}
