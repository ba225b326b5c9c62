import { useMemo } from "react";
import { useUpdateAccount, useUser } from "../api/session";
import { type OwnKeys, readOwnKeys } from "./own-keys";

/** The signed-in person's own keys, which are kept with the account. */
export function useOwnKeys() {
  const { preferences } = useUser();
  const save = useUpdateAccount();
  const stored = useMemo(() => readOwnKeys(preferences.keys), [preferences]);
  // What is on its way counts already; a change that fails is gone again.
  const sent = save.isPending ? save.variables.preferences?.keys : undefined;
  const own = useMemo(() => (sent === undefined ? stored : readOwnKeys(sent)), [sent, stored]);
  return {
    own,
    error: save.error,
    change: (keys: OwnKeys) => save.mutate({ preferences: { ...preferences, keys } }),
  };
}
