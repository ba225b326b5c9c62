import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../api/types";

/** Languages as i18next and `<html lang>` name them, with the account's own names for them. */
export const LANGUAGES = [
  { code: "en", account: "en", label: "English", html: "en" },
  { code: "zh", account: "zh-hans", label: "简体中文", html: "zh-Hans" },
] as const;
export type LanguageCode = (typeof LANGUAGES)[number]["code"];

const STORAGE_KEY = "plaudit.language";
const catalogues = import.meta.glob<Record<string, unknown>>("./*/*.json", { import: "default" });
/** Each kind of question brings its own words; their namespace is `kind-` and its name. */
const kindWords = import.meta.glob<Record<string, unknown>>("../kinds/*/words.*.json", {
  import: "default",
});

function catalogueOf(language: string, namespace: string) {
  const kind = /^kind-(\w+)$/.exec(namespace)?.[1];
  return kind === undefined
    ? catalogues[`./${language}/${namespace}.json`]
    : kindWords[`../kinds/${kind}/words.${language}.json`];
}

function isLanguageCode(value: string | null): value is LanguageCode {
  return LANGUAGES.some((language) => language.code === value);
}

function initialLanguage(): LanguageCode {
  const stored = localStorage.getItem(STORAGE_KEY);
  if (isLanguageCode(stored)) return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function markDocument(code: string): void {
  const language = LANGUAGES.find((one) => one.code === code);
  document.documentElement.lang = language?.html ?? "en";
}

/** Starts i18next; every namespace is a file of its own and loads when a page first asks for it. */
export async function startI18n(): Promise<void> {
  i18next.on("languageChanged", markDocument);
  await i18next
    .use({
      type: "backend",
      read(
        language: string,
        namespace: string,
        done: (error: Error | null, data: Record<string, unknown> | false) => void,
      ) {
        const load = catalogueOf(language, namespace);
        if (!load) {
          done(new Error(`no catalogue ${language}/${namespace}`), false);
          return;
        }
        load().then(
          (data) => done(null, data),
          (error: Error) => done(error, false),
        );
      },
    } as const)
    .use(initReactI18next)
    .init({
      lng: initialLanguage(),
      fallbackLng: "en",
      supportedLngs: LANGUAGES.map((language) => language.code),
      ns: ["common"],
      defaultNS: "common",
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}

/** Switches the interface and remembers it on this device. */
export async function setLanguage(code: LanguageCode): Promise<void> {
  localStorage.setItem(STORAGE_KEY, code);
  await i18next.changeLanguage(code);
}

export function codeOfAccount(language: Language | ""): LanguageCode | null {
  return LANGUAGES.find((one) => one.account === language)?.code ?? null;
}

export function accountOfCode(code: LanguageCode): Language {
  return code === "zh" ? "zh-hans" : "en";
}
