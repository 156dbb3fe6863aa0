/* What is lit above the ground: candidates, who holds what, the parcel of the card, the
   parcels picked. A message names parcels by their number in the tiles; their shapes are
   on the page already. */
(function () {
  "use strict";
  const SHAPES_FROM = 14;      // from here on candidates are shapes, before it dots
  const DOT_PX = 7, APART = 23;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function ints(text, Kind) {
    const raw = atob(text || "");
    const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
    return new Kind(bytes.buffer);
  }

  /* Arrays as ui/map_message.py packs them: zlib, each array by planes of bytes. */
  async function unpacked(text, kinds) {
    const raw = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const plain = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
    const bytes = new Uint8Array(await new Response(plain).arrayBuffer());
    let from = 0;
    return kinds.map(([Kind, count]) => {
      const made = new Kind(count), own = new Uint8Array(made.buffer), size = Kind.BYTES_PER_ELEMENT;
      for (let plane = 0; plane < size; plane++) {
        for (let i = 0; i < count; i++) own[i * size + plane] = bytes[from++];
      }
      return made;
    });
  }

  L.unpackLit = async function (lit) {
    const [places, at, scores] = await unpacked(lit.packed,
      [[Int32Array, lit.count], [Uint16Array, 2 * lit.count], [Uint16Array, lit.count]]);
    return { ...lit, places, at, scores };
  };

  function world(lat, lng) {
    const sin = Math.sin(lat * Math.PI / 180);
    return [lng / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
  }

  /* Lines across a shape, so that a claim is told by pattern and not by colour alone. */
  function hatch(colour, kind) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const ctx = tile.getContext("2d");
    ctx.strokeStyle = colour;
    ctx.lineWidth = kind === "granted" ? 2.6 : 1.4;
    ctx.beginPath();
    const lines = { intent: [[-2, 2, 2, -2], [-2, 10, 10, -2], [6, 10, 10, 6]],
      reserved: [[-2, 2, 2, -2], [-2, 10, 10, -2], [6, 10, 10, 6]],
      locked: [[-2, 10, 10, -2], [-2, -2, 10, 10]], granted: [[0, 4, 8, 4]] }[kind] || [];
    for (const [x, y, u, v] of lines) { ctx.moveTo(x, y); ctx.lineTo(u, v); }
    if (kind === "intent") ctx.setLineDash([2, 2]);
    ctx.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  L.landLit = function (map, ground) {
    const order = [];            // candidates, best first
    const byPlace = new Map();
    let source = "", claims = new Map(), chosen = null, picked = new Set(), hot = null;
    const badges = L.layerGroup().addTo(map);
    const pin = L.layerGroup().addTo(map);
    let inks = {};

    function colours() {
      const accent = css("--accent");
      inks = { accent, second: css("--accent2"), third: css("--accent3"), amber: css("--amber"),
        halo: css("--halo"), chosen: css("--chosen"), picked: css("--picked"), claim: css("--claim") };
      inks.hatch = Object.fromEntries(["intent", "reserved", "locked", "granted"]
        .map((kind) => [kind, hatch(inks.claim, kind)]));
    }

    const ramp = (rank) => rank <= 20 ? inks.accent : rank <= 200 ? inks.second : inks.third;

    function paint(ctx, tile, size) {
      const { x, y, z } = tile.coords;
      const data = tile.data.get(source);
      const features = data ? data.features : [];
      const lit = [];
      for (const one of features) {
        const state = claims.get(one.id);
        if (state) claimed(ctx, one, state);
        if (byPlace.has(one.id) && z >= SHAPES_FROM) lit.push(one);
      }
      lit.sort((a, b) => byPlace.get(b.id).rank - byPlace.get(a.id).rank);
      for (const one of lit) candidate(ctx, one, byPlace.get(one.id));
      if (z < SHAPES_FROM) dots(ctx, x, y, 2 ** z * 256, size, z);
      for (const one of features) {
        if (picked.has(one.id)) ring(ctx, one, inks.picked, 2.5);
        if (hot === one.id) ring(ctx, one, inks.chosen, 1.2);
        if (chosen && one.id === chosen.place) ring(ctx, one, inks.chosen, 3);
      }
    }

    function claimed(ctx, one, state) {
      ctx.globalAlpha = 0.9;
      ctx.fillStyle = inks.hatch[state];
      ctx.fill(one.path, "evenodd");
      ctx.strokeStyle = inks.claim;
      ctx.lineWidth = 1.2;
      ctx.setLineDash(state === "intent" ? [3, 3] : []);
      ctx.stroke(one.path);
      ctx.setLineDash([]);
    }

    function candidate(ctx, one, told) {
      const colour = ramp(told.rank);
      ctx.globalAlpha = 0.5;
      ctx.fillStyle = colour;
      ctx.fill(one.path, "evenodd");
      ctx.globalAlpha = 1;
      ctx.strokeStyle = told.flagged ? inks.amber : colour;
      ctx.lineWidth = told.flagged ? 2.2 : 1.6;
      ctx.setLineDash(told.flagged ? [4, 3] : []);
      ctx.stroke(one.path);
      ctx.setLineDash([]);
    }

    function dots(ctx, tx, ty, scale, size, zoom) {
      for (let i = order.length - 1; i >= 0; i--) {
        const one = order[i];
        if (one.rank <= 20) continue;
        const px = one.x * scale - tx * size, py = one.y * scale - ty * size;
        if (px < -8 || py < -8 || px > size + 8 || py > size + 8) continue;
        const radius = (one.rank <= 200 ? 4.4 : 3.2) * (zoom < 9 ? 0.75 : 1);
        ctx.globalAlpha = 1;
        ctx.beginPath();
        ctx.arc(px, py, radius, 0, 7);
        ctx.fillStyle = ramp(one.rank);
        ctx.fill();
        ctx.lineWidth = one.flagged ? 1.8 : 1;
        ctx.strokeStyle = one.flagged ? inks.amber : inks.halo;
        ctx.stroke();
      }
    }

    function ring(ctx, one, colour, width) {
      ctx.globalAlpha = 1;
      ctx.strokeStyle = inks.halo;
      ctx.lineWidth = width + 4;
      ctx.stroke(one.path);
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.stroke(one.path);
    }

    /* Badges that would cover each other are pushed apart on the screen, each no farther
       than it must; their place on the map, which a click tells, stays what it is. */
    function spread() {
      const marks = badges.getLayers().filter((one) => one._icon);
      const home = marks.map((one) => map.latLngToLayerPoint(one.getLatLng()));
      const at = home.map((p, i) => ({ x: p.x + Math.cos(i * 2.4), y: p.y + Math.sin(i * 2.4) }));
      for (let round = 0, moved = true; moved && round < 60; round++) {
        moved = false;
        for (let i = 0; i < at.length; i++) {
          for (let j = i + 1; j < at.length; j++) {
            const [dx, dy] = [at[j].x - at[i].x, at[j].y - at[i].y];
            const away = Math.hypot(dx, dy) || 0.01;
            if (away >= APART) continue;
            const push = (APART - away) / 2 / away;
            at[i].x -= dx * push; at[i].y -= dy * push;
            at[j].x += dx * push; at[j].y += dy * push;
            moved = true;
          }
        }
      }
      marks.forEach((one, i) => {
        one._icon.style.marginLeft = `${Math.round(at[i].x - home[i].x) - 11}px`;
        one._icon.style.marginTop = `${Math.round(at[i].y - home[i].y) - 11}px`;
      });
    }

    function mark(one, onClick, titled) {
      const icon = L.divIcon({ html: "", className: `lm-rank${one.flagged ? " lm-flagged" : ""}`,
        iconSize: [22, 22] });
      const made = L.marker([one.lat, one.lng], { icon, pane: "rank", keyboard: true,
        riseOnHover: true, zIndexOffset: 1000 - one.rank * 10, alt: titled(one), bubblingMouseEvents: false });
      made.on("add", () => { made._icon.textContent = String(one.rank);
        made._icon.dataset.place = String(one.place); made._icon.setAttribute("aria-label", titled(one)); });
      made.on("click", (event) => onClick(one, event.originalEvent.shiftKey));
      made.on("keypress", (event) => { if (event.originalEvent.key === "Enter") onClick(one); });
      return made;
    }

    function set(told, handlers) {
      colours();
      const { places, at, scores } = told.lit;
      const [west, south, east, north] = told.lit.box;
      source = told.lit.source;
      order.length = 0;
      byPlace.clear();
      places.forEach((place, i) => {
        const lng = west + at[2 * i] / 65535 * (east - west);
        const lat = south + at[2 * i + 1] / 65535 * (north - south);
        const [x, y] = world(lat, lng);
        const points = scores[i] & 0x3fff;
        const one = { place, rank: i + 1, lat, lng, x, y, flagged: (scores[i] & 0x4000) > 0,
          score: points === 0x3fff ? null : points / 10 };
        order.push(one);
        byPlace.set(place, one);
      });
      const kinds = told.claims.kinds, states = ints(told.claims.states, Uint8Array);
      claims = new Map([...ints(told.claims.places, Int32Array)].map((place, i) => [place, kinds[states[i]]]));
      chosen = told.chosen;
      badges.clearLayers();
      for (const one of order.slice(0, told.lit.numbered)) badges.addLayer(mark(one, handlers.click, handlers.titled));
      pin.clearLayers();
      if (chosen) {
        const icon = L.divIcon({ html: "", className: "lm-pin", iconSize: [30, 30] });
        pin.addLayer(L.marker(chosen.at, { icon, pane: "dot", interactive: false, keyboard: false }));
      }
      ground.light(paint);
      spread();
    }

    /* The candidate whose dot lies under the cursor, best first. */
    function near(latlng) {
      if (map.getZoom() >= SHAPES_FROM) return null;
      const scale = 2 ** map.getZoom() * 256;
      const [x, y] = world(latlng.lat, latlng.lng);
      return order.find((one) => Math.hypot(one.x - x, one.y - y) * scale <= DOT_PX) || null;
    }

    /* Of parcels over each other the one of the card, the best candidate, the smallest. */
    function first(features) {
      const told = (one) => chosen && one.id === chosen.place ? 0 : byPlace.has(one.id) ? byPlace.get(one.id).rank : 1e9;
      const size = (one) => (one.east - one.west) * (one.south - one.north);
      return [...features].sort((a, b) => told(a) - told(b) || size(a) - size(b))[0];
    }

    map.on("zoomend", spread);
    return { first, set, near, spread, order, colours,
      candidate: (place) => byPlace.get(place) || null,
      claim: (place) => claims.get(place) || "",
      claims: () => claims,
      chosen: () => chosen,
      repaint() { colours(); ground.light(paint); },
      pick(places) { picked = new Set(places); ground.light(paint); },
      hover(place) { if (place !== hot) { hot = place; if (map.getZoom() >= SHAPES_FROM) ground.light(paint); } } };
  };
})();
