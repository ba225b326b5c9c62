import { useTranslation } from "react-i18next";

/** A feature in the reader's language where it has a name of its own; n-grams stay as they are. */
export function useFeatureName(): (name: string) => string {
  const { t, i18n } = useTranslation("training");
  return (name) => {
    const key = `featureName.${name}`;
    return i18n.exists(`training:${key}`) ? t(key) : name;
  };
}
