import { useEffect, useState } from "react";
import { loadRecipe, newRecipe, type RecipeDraft, storeRecipe } from "./recipe-draft";

/** The recipe that somebody puts together for a project; it outlasts the dialog. */
export function useRecipe(
  where: { account: string; project: string },
  fresh: Pick<RecipeDraft, "questions" | "kinds">,
) {
  const { account, project } = where;
  const begin = () => newRecipe(fresh.questions, fresh.kinds);
  const [recipe, setRecipe] = useState(() => loadRecipe(localStorage, where, begin()));
  const [changed, setChanged] = useState(false);

  useEffect(() => {
    if (changed) storeRecipe(localStorage, { account, project }, recipe);
  }, [account, project, recipe, changed]);

  return {
    recipe,
    change: (part: Partial<RecipeDraft>) => {
      setChanged(true);
      setRecipe((before) => ({ ...before, ...part }));
    },
    startOver: () => {
      setChanged(false);
      storeRecipe(localStorage, where, null);
      setRecipe(begin());
    },
  };
}
