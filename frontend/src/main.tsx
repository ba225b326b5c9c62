import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/global.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startI18n } from "./i18n";

// A page of an older build asks for code that is gone: load the new build, but only once.
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem("plaudit.reloaded") ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem("plaudit.reloaded", String(Date.now()));
  event.preventDefault();
  window.location.reload();
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

await startI18n();
createRoot(root).render(<App />);
