/* Names of places on one canvas that moves with the map: the greater first, and none
   over another. They are drawn anew where the map comes to rest. */
(function () {
  "use strict";
  const FONT = "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
  // From which zoom to which a kind is named, its size, its weight, how far apart letters stand.
  const KINDS = { prefecture: [0, 8, 13.5, 600, 2], county: [8, 10.5, 12, 500, 0.5],
    zone: [10, 15, 11.5, 600, 0], town: [10.5, 21, 11, 400, 0], river: [11, 21, 11, 400, 1] };

  L.LandNames = L.Layer.extend({
    initialize() { this.names = []; },
    onAdd(map) {
      this._canvas = L.DomUtil.create("canvas", "lm-names", map.getPane("place"));
      map.on("moveend resize", this.draw, this);
      this.draw();
    },
    onRemove(map) { map.off("moveend resize", this.draw, this); this._canvas.remove(); },
    set(names) { this.names = names; if (this._map) this.draw(); },

    draw() {
      const map = this._map;
      if (!map) return;
      const size = map.getSize(), zoom = map.getZoom();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const margin = size.multiplyBy(0.25).round();
      const corner = map.containerPointToLayerPoint([0, 0]).subtract(margin);
      const canvas = this._canvas;
      const wide = size.add(margin.multiplyBy(2));
      canvas.width = wide.x * ratio;
      canvas.height = wide.y * ratio;
      canvas.style.width = `${wide.x}px`;
      canvas.style.height = `${wide.y}px`;
      L.DomUtil.setPosition(canvas, corner);
      const ctx = canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      const page = getComputedStyle(document.documentElement);
      const [ink, halo, water] = ["--ink", "--halo", "--water-ink"].map((name) => page.getPropertyValue(name).trim());
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      const taken = [];
      for (const one of this.names) {
        const [from, to, px, weight, apart] = KINDS[one.kind] || KINDS.town;
        if (zoom < from + (one.later || 0) || zoom >= to) continue;
        const at = map.latLngToLayerPoint([one.at[0], one.at[1]]).subtract(corner);
        if (at.x < -60 || at.y < -20 || at.x > wide.x + 60 || at.y > wide.y + 20) continue;
        ctx.font = `${weight} ${px}px ${FONT}`;
        ctx.letterSpacing = `${apart}px`;
        const dot = one.kind === "town";
        const width = ctx.measureText(one.name).width, half = [width / 2 + 5, px / 2 + 4];
        const y = dot ? at.y - 9 : at.y;
        const box = [at.x - half[0], y - half[1], at.x + half[0], y + half[1]];
        if (taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) continue;
        taken.push(box);
        ctx.globalAlpha = one.kind === "prefecture" || one.kind === "county" ? 0.72 : 0.85;
        ctx.strokeStyle = halo;
        ctx.lineWidth = 3;
        ctx.strokeText(one.name, at.x, y);
        ctx.fillStyle = one.kind === "river" ? water : ink;
        ctx.fillText(one.name, at.x, y);
        if (!dot) continue;
        ctx.beginPath();
        ctx.arc(at.x, at.y, 2, 0, 7);
        ctx.fill();
      }
    },
  });
})();
