// The map as a picture to hand on: as it is shown, with what is shown in words and the legend.

import type { App } from "./app";
import { h, messageOf, plural } from "./dom";
import { summaryOf } from "./summary";

/** Pixels of the picture for each of the frame. */
const SHARP = 2;
const FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const [HEAD, PAD, LINE] = [40, 14, 21];

/** Give text lines of at most so many pixels. */
export function wrapped(text: string, wide: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const more = lines.length ? `${lines.at(-1)!} ${word}` : word;
    if (lines.length && measure(more) <= wide) lines[lines.length - 1] = more;
    else lines.push(word);
  }
  return lines;
}

export function drawPicture(app: App): HTMLCanvasElement {
  const { map, store, state, linked } = app;
  const canvas = h("canvas");
  const pen = canvas.getContext("2d")!;
  map.resize(SHARP);
  map.paint();
  const { width, height, theme } = map;
  const font = (size: number, weight: number): string => `${weight} ${size}px ${FAMILY}`;
  pen.font = font(13, 400);
  const shown = linked.shown.length;
  const said = shown === store.n ? [] : wrapped(summaryOf(state, store, shown), width - 2 * PAD, (text) => pen.measureText(text).width);
  const head = HEAD + said.length * 18;
  canvas.width = width * SHARP;
  canvas.height = (head + height) * SHARP;
  pen.scale(SHARP, SHARP);
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, head + height);
  pen.textBaseline = "middle";
  pen.fillStyle = theme.ink;
  pen.font = font(17, 700);
  pen.fillText(document.querySelector(".tk-page h1")?.textContent ?? plural(store.n, "paper"), PAD, HEAD / 2);
  pen.font = font(13, 400);
  pen.fillStyle = theme.soft;
  said.forEach((line, i) => pen.fillText(line, PAD, HEAD + 18 * i + 4));
  for (const layer of map.frame.querySelectorAll("canvas")) pen.drawImage(layer, 0, head, width, height);
  drawLegend(pen, app, width, head + height);
  map.resize();
  map.paint();
  return canvas;
}

function drawLegend(pen: CanvasRenderingContext2D, { map }: App, right: number, bottom: number): void {
  const entries = Array.from(map.legend.node.querySelectorAll("li"), (entry) => ({
    colour: entry.querySelector<HTMLElement>(".tk-swatch")!.style.background,
    text: entry.querySelector("[dir]")!.textContent,
    papers: entry.querySelector(".tk-number")?.textContent ?? "" }));
  if (map.legend.node.hidden || !entries.length) return;
  pen.font = `400 12.5px ${FAMILY}`;
  const wide = Math.max(...entries.map(({ text, papers }) => pen.measureText(`${text}   ${papers}`).width)) + 34;
  const [left, top] = [right - wide - 8, bottom - entries.length * LINE - 20];
  pen.globalAlpha = 0.92;
  pen.fillStyle = map.theme.paper;
  pen.fillRect(left, top, wide, entries.length * LINE + 12);
  pen.globalAlpha = 1;
  entries.forEach(({ colour, text, papers }, i) => {
    const y = top + 6 + (i + 0.5) * LINE;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(left + 14, y, 5, 0, 7);
    pen.fill();
    pen.fillStyle = map.theme.ink;
    pen.textAlign = "left";
    pen.fillText(text, left + 26, y);
    pen.fillStyle = map.theme.soft;
    pen.textAlign = "right";
    pen.fillText(papers, right - 16, y);
  });
}

/** A button that saves the map as it is shown. */
export function pictureButton(app: App): HTMLElement {
  return h("button", { text: "Save picture", title: "Save the map as it is shown, as a PNG file", onclick: () => {
    try {
      drawPicture(app).toBlob((blob) => {
        if (!blob) return app.complain("This browser could not make the picture.");
        download(blob, "map.png");
        return app.say("Saved as map.png.");
      });
    } catch (error) {
      app.complain(messageOf(error));
    }
  } });
}

export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
