import { createTheme } from "@mantine/core";

const CJK = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC"';

/** One accent, system fonts with Chinese fallbacks, a 4 px grid. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  fontFamily: `system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", ${CJK}, sans-serif`,
  fontFamilyMonospace: `ui-monospace, SFMono-Regular, Menlo, Consolas, monospace, ${CJK}`,
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "24px" }, h2: { fontSize: "20px" } } },
  defaultRadius: "sm",
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  cursorType: "pointer",
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 400 } },
    // A table that is wider than the screen is scrolled by keys too, with what only a screen reader hears in it.
    TableScrollContainer: { defaultProps: { type: "native", tabIndex: 0, pos: "relative" } },
    // Their headers are no banner of the page.
    Modal: { defaultProps: { centered: true, attributes: { header: { role: "none" } } } },
    Drawer: { defaultProps: { attributes: { header: { role: "none" } } } },
  },
});
