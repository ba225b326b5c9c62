import type { Options } from "react-markdown";

type Plugins = NonNullable<Options["rehypePlugins"]>;

/** Plugins that load only where a text needs them. */
export interface Rich {
  remark: Plugins;
  rehype: Plugins;
}
