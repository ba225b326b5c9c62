import { describe, expect, it } from "vitest";

type Catalogue = { [key: string]: string | Catalogue };

const files = import.meta.glob<Catalogue>(["./*/*.json", "../kinds/*/words.*.json"], {
  eager: true,
  import: "default",
});
const PLURAL = /_(zero|one|two|few|many|other)$/;
const CJK = /[\u4e00-\u9fff]/;
/** Names and abbreviations that are the same in both languages. */
const SAME_IN_BOTH = new Set([
  "Plaudit",
  "English",
  "简体中文",
  "JSON",
  "CSV",
  "API",
  "F1",
  "AUC",
  "MCC",
  "ECE",
  "SHA-256",
  "TRL",
  "GRPO",
  "Brier",
  "Parquet",
]);

function flatten(catalogue: Catalogue, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === "string") flat.set(path, value);
    else for (const [inner, text] of flatten(value, path)) flat.set(inner, text);
  }
  return flat;
}

function load(language: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const [path, catalogue] of Object.entries(files)) {
    const [, folder, namespace] = /^\.\/(\w+)\/([\w-]+)\.json$/.exec(path) ?? [];
    const [, kind, code] = /\/kinds\/(\w+)\/words\.(\w+)\.json$/.exec(path) ?? [];
    if (folder === language && namespace) found.set(namespace, flatten(catalogue));
    if (code === language && kind) found.set(`kind-${kind}`, flatten(catalogue));
  }
  return found;
}

const baseKeys = (flat: Map<string, string>) =>
  [...new Set([...flat.keys()].map((key) => key.replace(PLURAL, "")))].sort();
const variables = (text: string) =>
  [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map((match) => match[1]).sort();

const english = load("en");
const chinese = load("zh");

describe("catalogues", () => {
  it("both languages have the same namespaces", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  for (const [namespace, en] of english) {
    const zh = chinese.get(namespace) ?? new Map<string, string>();

    it(`${namespace}: both languages have the same keys`, () => {
      expect(baseKeys(zh)).toEqual(baseKeys(en));
    });

    it(`${namespace}: plurals are complete in both languages`, () => {
      for (const key of en.keys()) {
        if (!PLURAL.test(key)) continue;
        const base = key.replace(PLURAL, "");
        expect(en.has(`${base}_one`) && en.has(`${base}_other`), `en ${base}`).toBe(true);
        expect(zh.has(`${base}_other`), `zh ${base}`).toBe(true);
      }
    });

    it(`${namespace}: no value is empty or left untranslated`, () => {
      for (const [key, text] of en) expect(text.trim(), `en ${key}`).not.toBe("");
      for (const [key, text] of zh) {
        const words = text.replace(/\{\{[^}]*\}\}/g, "");
        const translated = CJK.test(text) || !/[A-Za-z]/.test(words) || SAME_IN_BOTH.has(text);
        expect(translated, `zh ${key}: ${text}`).toBe(true);
      }
    });

    it(`${namespace}: both languages fill in the same variables`, () => {
      for (const [key, text] of zh) {
        const source = en.get(key);
        if (source !== undefined) expect(variables(text), key).toEqual(variables(source));
      }
    });
  }
});
