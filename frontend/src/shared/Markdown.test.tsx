import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Markdown } from "./Markdown";

function html(text: string): HTMLElement {
  return render(
    <MantineProvider>
      <Markdown>{text}</Markdown>
    </MantineProvider>,
  ).container;
}

describe("Markdown", () => {
  it("shows HTML as text and runs none of it", () => {
    const container = html("a <b>b</b> <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>");
    expect(container.querySelector("b, script, img")).toBeNull();
    expect(container.textContent).toContain("<b>b</b> <script>alert(1)</script>");
    expect(container.textContent).toContain("<img src=x onerror=alert(1)>");
  });

  it("keeps single line breaks", () => {
    expect(html("roses are red\nviolets are blue").querySelectorAll("br")).toHaveLength(1);
  });

  it("loads no picture and says where it is", () => {
    const container = html("![cat](https://pictures.example/cat.png)");
    expect(container.querySelector("img")).toBeNull();
    const link = container.querySelector("a");
    expect(link?.getAttribute("href")).toBe("https://pictures.example/cat.png");
    expect(link?.getAttribute("rel")).toContain("noopener");
  });

  it("drops addresses that are not for the web", () => {
    expect(html("[x](javascript:alert(1))").querySelector("a[href]")).toBeNull();
    expect(html("[x](data:text/html,hi)").querySelector("a[href]")).toBeNull();
  });

  it("opens links elsewhere and shows their host", () => {
    const link = html("[here](https://example.org/a)").querySelector("a");
    expect(link?.getAttribute("target")).toBe("_blank");
    expect(link?.textContent).toContain("(example.org");
  });
});
