/* Vector tiles on canvas: one tile is two canvases, the ground below and, where anything
   is lit, that above it, so that a new answer redraws the lit ones alone. Features keep their path:
   one for each, so that a click asks the canvas itself what lies under it. */
(function () {
  "use strict";
  const SIZE = 512, SLICE_MS = 3, NEAR_PX = 7, MARGIN_PX = 8, TRIES = 5, AGAIN_MS = 2000;
  const SHARES = [0, 0.06, 0.11, 0.18, 0.27, 0.37, 0.48];  // opacity by level of density
  const channel = new MessageChannel(), waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  const breathe = () => new Promise((go) => { waiting.push(go); channel.port2.postMessage(0); });

  /* Unpack a tile in slices of a few milliseconds: the page stays at hand. */
  async function decode(bytes, alive) {
    const out = { features: [], cells: [] };
    const layers = new VectorTile(new PbfReader(new Uint8Array(bytes))).layers;
    const { outlines, density } = layers;
    let since = performance.now();
    for (let i = 0; outlines && i < outlines.length; i++) {
      const one = outlines.feature(i);
      out.features.push(shaped(one, one.loadGeometry(), SIZE / outlines.extent));
      if (performance.now() - since < SLICE_MS) continue;
      await breathe();
      if (!alive()) return out;
      since = performance.now();
    }
    for (let i = 0; density && i < density.length; i++) {
      const one = density.feature(i);
      const scale = SIZE / density.extent, size = one.properties.cell * scale;
      const path = new Path2D();
      for (const [p] of one.loadGeometry()) {
        path.rect(p.x * scale - size / 2, p.y * scale - size / 2, size, size);
      }
      out.cells.push({ level: one.properties.level, path });
    }
    return out;
  }

  const corner = (way) => way === -MARGIN_PX || way === SIZE + MARGIN_PX;

  function shaped(one, parts, scale) {
    const made = { id: one.id, of: one.properties, edged: false, west: 1e9, north: 1e9, east: -1e9, south: -1e9 };
    if (one.type === 1) made.points = [];
    else made.path = new Path2D();
    for (const part of parts) {
      part.forEach((p, i) => {
        const x = p.x * scale, y = p.y * scale;
        if (x < made.west) made.west = x;
        if (x > made.east) made.east = x;
        if (y < made.north) made.north = y;
        if (y > made.south) made.south = y;
        // Ground that covers the whole tile was cut to its corners: it has no edge here.
        if (!corner(x) || !corner(y)) made.edged = true;
        if (one.type === 1) made.points.push([x, y]);
        else if (i === 0) made.path.moveTo(x, y);
        else if (one.type === 3 && i === part.length - 1) made.path.closePath();
        else made.path.lineTo(x, y);
      });
    }
    return made;
  }

  L.LandTiles = L.GridLayer.extend({
    options: { tileSize: SIZE, updateWhenZooming: false, updateInterval: 120, keepBuffer: 1,
      noWrap: true, minZoom: 1, className: "lm-tiles" },

    initialize(options) {
      L.setOptions(this, options);
      this.specs = [];        // layers that are on, lowest first
      this.paint = null;      // function (ctx, tile): draws what is lit
      this.failed = {};       // name -> reason
    },

    createTile(coords, done) {
      const element = L.DomUtil.create("div");
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const tile = { element, coords, ratio, ground: null, lit: null, data: new Map(), loading: new Map(),
        stop: new AbortController(), tries: 0, filling: 0, drawing: 0, gone: false };
      element.landTile = tile;
      this._fill(tile).then(() => done(null, element), (error) => done(error, element));
      return element;
    },

    _removeTile(key) {
      const tile = this._tiles[key] && this._tiles[key].el.landTile;
      if (tile) { tile.gone = true; tile.stop.abort(); tile.data.clear(); }
      L.GridLayer.prototype._removeTile.call(this, key);
    },

    tiles() { return Object.values(this._tiles || {}).map((one) => one.el.landTile).filter(Boolean); },

    /* Show these layers; tiles load what they lack and draw again. */
    show(specs) {
      const key = JSON.stringify(specs);
      if (key === this._shown) return Promise.resolve();
      this._shown = key;
      this.specs = specs;
      return Promise.all(this.tiles().map((tile) => this._fill(tile)));
    },

    light(paint) {
      this.paint = paint;
      for (const tile of this.tiles()) this._light(tile);
    },

    redrawAll() { for (const tile of this.tiles()) this._draw(tile); },

    async _fill(tile) {
      if (!this.specs.length && !tile.ground) return;   // nothing was told yet
      const turn = ++tile.filling;
      const names = new Set(this.specs.map((spec) => spec.source));
      for (const name of tile.data.keys()) if (!names.has(name)) tile.data.delete(name);
      await Promise.all(this.specs.filter((spec) => !tile.data.has(spec.source)).map((spec) => {
        if (!tile.loading.has(spec.source)) {
          tile.loading.set(spec.source, this._load(tile, spec).finally(() => tile.loading.delete(spec.source)));
        }
        return tile.loading.get(spec.source);
      }));
      if (turn === tile.filling && !tile.gone) await this._draw(tile);
    },

    async _load(tile, spec) {
      const { x, y, z } = tile.coords;
      const source = spec.source;
      try {
        const answer = await fetch(spec.url.replace("{z}/{x}/{y}", `${z - 1}/${x}/${y}`),
          { signal: tile.stop.signal, credentials: "same-origin" });
        if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { final: answer.status < 500 });
        const bytes = answer.status === 204 ? new ArrayBuffer(0) : await answer.arrayBuffer();
        tile.data.set(source, await decode(bytes, () => !tile.gone));
        if (this.failed[spec.name]) this._tell(spec.name, "");
      } catch (error) {
        if (error.name === "AbortError") return;
        this._tell(spec.name, String(error.message || error));
        if (!error.final) this._again(tile);
      }
    },

    /* A server that is away or busy may come back: ask again, each time later. */
    _again(tile) {
      if (tile.again || tile.tries >= TRIES) return;
      tile.again = setTimeout(() => {
        tile.again = 0;
        if (!tile.gone) this._fill(tile);
      }, AGAIN_MS * 2 ** tile.tries++);
    },

    _tell(name, reason) {
      if (reason) this.failed[name] = reason; else delete this.failed[name];
      this.fire("layerstate", { name, reason });
    },

    async _draw(tile) {
      const turn = ++tile.drawing;
      const canvas = blank(tile);
      const ctx = canvas.getContext("2d");
      ctx.scale(tile.ratio, tile.ratio);
      ctx.lineJoin = "round";
      let since = performance.now();
      for (const spec of this.specs) {
        const data = tile.data.get(spec.source);
        if (!data) continue;
        const pen = L.LandTiles.pen(ctx, spec, tile.coords.z);
        for (const cell of data.cells) pen.cells(cell, SHARES[cell.level]);
        for (const feature of data.features) {
          pen.draw(feature);
          if (performance.now() - since < SLICE_MS) continue;
          await breathe();
          if (turn !== tile.drawing || tile.gone) return;
          since = performance.now();
        }
        pen.end();
      }
      if (tile.ground) tile.ground.replaceWith(canvas); else tile.element.prepend(canvas);
      tile.ground = canvas;
      this._light(tile);
    },

    _light(tile) {
      if (!this.paint) return;
      if (!tile.lit) tile.lit = tile.element.appendChild(blank(tile));
      const ctx = tile.lit.getContext("2d");
      ctx.setTransform(tile.ratio, 0, 0, tile.ratio, 0, 0);
      ctx.clearRect(0, 0, SIZE, SIZE);
      this.paint(ctx, tile, SIZE);
    },

    /* What lies under a point: the topmost feature of the layers that answer. */
    pick(latlng) {
      if (!this._map) return null;
      const z = this._tileZoom;
      const at = this._map.project(latlng, z);
      const coords = at.divideBy(SIZE).floor();
      const held = this._tiles[`${coords.x}:${coords.y}:${z}`];
      const tile = held && held.el.landTile;
      if (!tile) return null;
      const x = at.x - coords.x * SIZE, y = at.y - coords.y * SIZE;
      for (const spec of [...this.specs].reverse()) {
        const data = spec.told && tile.data.get(spec.source);
        const found = data ? data.features.filter((one) => under(one, x, y, spec)) : [];
        if (found.length) return { spec, feature: found[found.length - 1], all: found };
      }
      return null;
    },
  });

  L.LandTiles.SHARES = SHARES;

  function blank(tile) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE * tile.ratio;
    return canvas;
  }

  const probe = document.createElement("canvas").getContext("2d");   // it only answers where a path lies
  function under(one, x, y, spec) {
    const near = one.points || spec.kind === "line" ? NEAR_PX : 0;
    if (x < one.west - near || x > one.east + near || y < one.north - near || y > one.south + near) return false;
    if (one.points) return one.points.some(([px, py]) => Math.hypot(px - x, py - y) <= NEAR_PX + 2);
    if (spec.kind === "line") { probe.lineWidth = NEAR_PX; return probe.isPointInStroke(one.path, x, y); }
    return probe.isPointInPath(one.path, x, y, "evenodd");
  }
})();
