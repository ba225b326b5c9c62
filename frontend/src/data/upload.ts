import { ApiError, apiUrl, errorFrom, type Query, readCookie } from "../api/http";
import type { Import } from "../api/types";

/**
 * Sends a file as the body of a request and tells how much of it has gone out, which `fetch` cannot.
 * Throws ApiError; an abort rejects with an AbortError.
 */
export function uploadImport(options: {
  project: string;
  file: File;
  query: Query;
  onSent: (share: number) => void;
  signal: AbortSignal;
}): Promise<Import> {
  const { project, file, query, onSent, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", apiUrl(`/projects/${project}/imports/`, query));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", readCookie("csrftoken"));
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onSent(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as Import);
      else reject(errorFrom(request.status, request.response));
    };
    request.onerror = () => reject(new ApiError(0, "network", "The upload broke off."));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
