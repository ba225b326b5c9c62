import { apiUrl, type Query } from "../api/http";

/** What can be exported: the file's ending, and the loader of Hugging Face datasets that reads it. */
export const EXPORT_FORMATS = [
  { name: "jsonl", ending: "jsonl", loader: "json" },
  { name: "csv", ending: "csv", loader: "csv" },
  { name: "parquet", ending: "parquet", loader: "parquet" },
  { name: "trl-preference", ending: "jsonl", loader: "json" },
  { name: "trl-unpaired", ending: "jsonl", loader: "json" },
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface Filters {
  /** Day as YYYY-MM-DD, or empty. */
  since: string;
  kinds: string[];
  /** Share from 0 to 1; null for any. */
  minAgreement: number | null;
  pseudonyms: boolean;
  /** One row per pair, as most people say; otherwise a row for each judgment. */
  consensus: boolean;
}

export const NO_FILTERS: Filters = {
  since: "",
  kinds: [],
  minAgreement: null,
  pseudonyms: false,
  consensus: true,
};

export function exportQuery(format: ExportFormat["name"], filters: Filters): Query {
  return {
    format,
    since: filters.since ? `${filters.since}T00:00:00Z` : null,
    annotator_kind: filters.kinds.length > 0 ? filters.kinds.join(",") : null,
    min_agreement: filters.minAgreement,
    names: filters.pseudonyms ? "pseudonyms" : null,
    consensus: format === "trl-preference" && !filters.consensus ? 0 : null,
  };
}

export const exportUrl = (project: string, format: ExportFormat["name"], filters: Filters) =>
  apiUrl(`/projects/${project}/export/`, exportQuery(format, filters));

export const exportName = (project: string, format: ExportFormat) =>
  `plaudit-${project}-${format.name}.${format.ending}`;

/** A command that fetches the file with an access token. */
export const curlLine = (origin: string, url: string, file: string) =>
  `curl --fail -H "Authorization: Bearer $PLAUDIT_TOKEN" "${origin}${url}" -o ${file}`;

/** Two lines of Python that load the file. */
export const loadSnippet = (format: ExportFormat, file: string) =>
  `from datasets import load_dataset\n\ndata = load_dataset("${format.loader}", data_files="${file}", split="train")`;
