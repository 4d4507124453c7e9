// The papers as points of WebGL 2, where the browser has a graphics card for it.

import type { PointLayer, Scene } from "./points";

const VERTEX = `#version 300 es
in vec2 place; in vec4 colour; in float fails;
uniform vec4 view; uniform float size; uniform float wanted; uniform vec4 faint;
out vec4 tint;
void main() {
  bool mine = (fails > 0.0) == (wanted > 0.0);
  gl_Position = mine ? vec4(place * view.xy + view.zw, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
  tint = wanted > 0.0 ? faint : colour;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 tint; uniform float size; out vec4 pixel;
void main() {
  float away = length(gl_PointCoord - 0.5) * size;
  float cover = clamp(size * 0.5 - away, 0.0, 1.0) * 0.85;
  if (cover <= 0.02) discard;
  pixel = vec4(tint.rgb * cover, cover);
}`;

/** Renderers that draw on the processor: some twenty times slower than our own canvas. */
const SLOW = /swiftshader|llvmpipe|softpipe|software|basic render/i;

function rendererOf(gl: WebGL2RenderingContext): string {
  const named = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

export class WebGLPoints implements PointLayer {
  readonly kind = "webgl";
  private readonly program: WebGLProgram;
  private readonly buffers: WebGLBuffer[];
  private stale = true;
  private loaded: unknown = null;

  /** Return a layer, or null where there is no WebGL 2 (or, by default, only one in software). */
  static on(canvas: HTMLCanvasElement, software = false): WebGLPoints | null {
    const gl = canvas.getContext("webgl2", {
      alpha: true, antialias: false, depth: false, premultipliedAlpha: true,
      failIfMajorPerformanceCaveat: !software,
    });
    if (!gl || (!software && SLOW.test(rendererOf(gl)))) return null;
    try {
      return new WebGLPoints(canvas, gl);
    } catch {
      return null;
    }
  }

  private constructor(readonly canvas: HTMLCanvasElement, private readonly gl: WebGL2RenderingContext) {
    this.program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
      const shader = gl.createShader(kind);
      if (!shader) throw new Error("no shader");
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    ["place", "colour", "fails"].forEach((name, i) => gl.bindAttribLocation(this.program, i, name));
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error("no program");
    this.buffers = [0, 1, 2].map(() => gl.createBuffer());
  }

  resize(width: number, height: number): void {
    Object.assign(this.canvas, { width, height });
    this.gl.viewport(0, 0, width, height);
  }

  change(): void {
    this.stale = true;
  }

  draw(scene: Scene): void {
    const { gl } = this;
    gl.useProgram(this.program);
    if (this.loaded !== scene.store) this.load(scene);
    if (this.stale) this.fill(scene);
    const { projection: p, ratio, radius, store, shown } = scene;
    const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this.program, name);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.uniform4f(uniform("view"), (2 * p.k) / p.width, (2 * p.k) / p.height,
      (2 * p.ox) / p.width - 1, 1 - (2 * p.oy) / p.height);
    const faint = scene.faint;
    gl.uniform4f(uniform("faint"), (faint & 255) / 255, ((faint >> 8) & 255) / 255,
      ((faint >> 16) & 255) / 255, 1);
    const passes = shown.length < store.n ? [1, 0] : [0];
    for (const wanted of passes) {
      gl.uniform1f(uniform("wanted"), wanted);
      gl.uniform1f(uniform("size"), (2 * radius * (wanted ? 0.75 : 1) + 1) * ratio);
      gl.drawArrays(gl.POINTS, 0, store.n);
    }
  }

  private load({ store }: Scene): void {
    const { gl } = this;
    const places = new Float32Array(store.n * 2);
    for (let row = 0; row < store.n; row++) {
      places[2 * row] = store.x[row]!;
      places[2 * row + 1] = store.y[row]!;
    }
    this.bind(0, places, 2, gl.FLOAT, false);
    this.loaded = store;
    this.stale = true;
  }

  private fill({ colours, fails }: Scene): void {
    const { gl } = this;
    this.bind(1, colours, 4, gl.UNSIGNED_BYTE, true);
    this.bind(2, Uint8Array.from(fails, (bits) => (bits ? 1 : 0)), 1, gl.UNSIGNED_BYTE, false);
    this.stale = false;
  }

  private bind(
    nth: number, values: Float32Array | Uint32Array | Uint8Array, size: number, type: number,
    normal: boolean,
  ): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[nth]!);
    gl.bufferData(gl.ARRAY_BUFFER, values as Float32Array<ArrayBuffer>, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(nth);
    gl.vertexAttribPointer(nth, size, type, normal, 0, 0);
  }

  /** Wait until all is drawn; for measurements. */
  finish(): void {
    this.gl.readPixels(0, 0, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  stop(): void {
    // A page may hold some sixteen of them only.
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
