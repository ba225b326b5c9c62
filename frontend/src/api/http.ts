/** The one place that talks HTTP: JSON in and out, CSRF, and the one error shape of the API. */

const BASE = "/api/v1";
const SAFE_METHODS = new Set(["GET", "HEAD"]);

export type Query = Record<string, string | number | boolean | null | undefined>;
export type FieldErrors = Record<string, string[]>;

/** An answer that is not a success, or no answer at all (status 0, code "network"). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldErrors;

  constructor(status: number, code: string, message: string, fields: FieldErrors = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** True where trying the same request again later may succeed. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export function readCookie(name: string): string {
  const prefix = `${name}=`;
  const entry = document.cookie.split("; ").find((part) => part.startsWith(prefix));
  return entry ? decodeURIComponent(entry.slice(prefix.length)) : "";
}

/** The address of an API path with its query; `null` and `undefined` are left out. */
export function apiUrl(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the API's error shape; anything else becomes `http_STATUS`. */
export function errorFrom(status: number, body: unknown): ApiError {
  if (isRecord(body) && isRecord(body.error)) {
    const { code, message, fields } = body.error;
    return new ApiError(
      status,
      typeof code === "string" ? code : `http_${status}`,
      typeof message === "string" ? message : "",
      isRecord(fields) ? (fields as FieldErrors) : {},
    );
  }
  return new ApiError(status, `http_${status}`, `HTTP ${status}`);
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls `listener` whenever the server says that nobody is signed in. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export interface RequestOptions {
  query?: Query;
  /** Sent as JSON, except FormData and Blob, which are sent as they are. */
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  keepalive?: boolean;
}

export interface ApiResponse<T> {
  status: number;
  data: T;
  headers: Headers;
}

/** Sends one request. Throws ApiError for every answer outside 2xx and for a lost network. */
export async function send<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<ApiResponse<T>> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (!SAFE_METHODS.has(method)) headers["X-CSRFToken"] = readCookie("csrftoken");

  let body: BodyInit | undefined;
  if (options.body instanceof FormData || options.body instanceof Blob) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }

  let response: Response;
  let text: string;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      body,
      credentials: "same-origin",
      signal: options.signal,
      keepalive: options.keepalive,
    });
    text = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "network", String(error));
  }

  const data = parseJson(text);
  if (!response.ok) {
    if (response.status === 401) for (const listener of signedOutListeners) listener();
    throw errorFrom(response.status, data);
  }
  return { status: response.status, data: data as T, headers: response.headers };
}

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function dataOf<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
  return (await send<T>(method, path, options)).data;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    dataOf<T>("GET", path, { query, signal }),
  post: <T>(path: string, body?: unknown, query?: Query) =>
    dataOf<T>("POST", path, { body, query }),
  put: <T>(path: string, body?: unknown, query?: Query) => dataOf<T>("PUT", path, { body, query }),
  patch: <T>(path: string, body?: unknown) => dataOf<T>("PATCH", path, { body }),
  delete: <T = null>(path: string, body?: unknown, query?: Query) =>
    dataOf<T>("DELETE", path, { body, query }),
};

/** Follows a list's `next` address, which the server gives in full. */
export async function getNext<T>(next: string, signal?: AbortSignal): Promise<T> {
  const url = new URL(next, window.location.origin);
  const path = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : url.pathname;
  return api.get<T>(path, Object.fromEntries(url.searchParams), signal);
}
