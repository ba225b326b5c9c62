import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The origin stays the browser's, or the CSRF check refuses what it sends.
const BACKEND = { target: "http://localhost:8000", changeOrigin: false };

export default defineConfig(({ command }) => ({
  // Django serves the built files under /static/; the development server stands at the root.
  base: command === "build" ? "/static/" : "/",
  plugins: [react()],
  build: {
    outDir: "dist",
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      "/api": BACKEND,
      "/admin": BACKEND,
      "/serve": BACKEND,
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
  },
}));
