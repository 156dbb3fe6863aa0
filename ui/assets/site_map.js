/* The site map inside the component's frame: a quiet base drawn once, and everything
   that varies drawn by draw(message), so that pan and zoom are never lost.
   Every text in a message is already encoded for HTML by ui/map_text.py. */
window.makeSiteMap = function (map) {
  "use strict";
  const BELOW = { base: 310, base2: 320, area: 330, paper: 332, detail: 333, unchecked: 335,
    line: 340 };
  const ABOVE = { zone: 350, nearby: 400, candidate: 410, chosen: 420,
    place: 455, point: 460, dot: 470, rank: 480 };
  const NEAR_ZOOM = 13;   // from here on parcels are seen as shapes, not dots
  const CLOSE_ZOOM = 9;   // from here on point symbols carry their letter
  const NAMES_ZOOM = 9;   // from here on counties carry their name
  const drawn = {};       // section -> { digest, layer }
  // The page may mount the frame anew; what was in sight is kept beside it.
  const memory = (window.parent.landmapView = window.parent.landmapView || {});
  let link = null;
  let focus = memory.focus || null;
  let wanted = null;

  map.options.zoomSnap = 0.5;
  const renderers = {};
  for (const [name, z] of Object.entries({ ...BELOW, ...ABOVE })) {
    const pane = map.createPane(name);
    pane.style.zIndex = z;
    if (name in BELOW) pane.style.pointerEvents = "none";
    if (["zone", "nearby", "candidate", "chosen", "dot"].includes(name) || name in BELOW) {
      renderers[name] = L.svg({ pane: name, padding: 0.4 });
    }
  }

  function theme() {
    try {
      const page = window.parent.document.querySelector(".stApp");
      const rgb = getComputedStyle(page).backgroundColor.match(/[\d.]+/g).map(Number);
      const dark = 0.3 * rgb[0] + 0.6 * rgb[1] + 0.1 * rgb[2] < 110;
      document.documentElement.dataset.theme = dark ? "dark" : "light";
    } catch (_) { document.documentElement.dataset.theme = "light"; }
  }

  function distance() {
    const zoom = map.getZoom();
    const box = map.getContainer().classList;
    box.toggle("lm-far", zoom < NEAR_ZOOM);
    box.toggle("lm-wide", zoom < CLOSE_ZOOM);
    box.toggle("lm-unnamed", zoom < NAMES_ZOOM);
  }

  function tip(layer, html, options) {
    if (html) layer.bindTooltip(html, { className: "lm-tip", opacity: 1, ...options });
  }

  function pathOptions(pane, style) {
    const filled = style.fill > 0;
    return { pane, renderer: renderers[pane], className: style.css || "",
      color: style.colour, weight: style.weight, opacity: style.opacity ?? 0.9,
      dashArray: style.dash || null, fill: filled || style.hit === true,
      fillColor: style.colour, fillOpacity: style.fill || 0, fillRule: "nonzero",
      interactive: pane in ABOVE, bubblingMouseEvents: true, lineJoin: "round" };
  }

  function shapes(section) {
    const options = pathOptions(section.pane, section.style);
    const group = L.featureGroup();
    for (const feature of section.features) {
      const part = feature.d ? unpacked(feature, section, options) : L.geoJSON(feature.g, { style: () => ({ ...options,
        ...(feature.css ? { className: `${options.className} ${feature.css}` } : {}) }),
        pane: section.pane, interactive: options.interactive, bubblingMouseEvents: true });
      tip(part, feature.tip, { sticky: true });
      group.addLayer(part);
    }
    return group;
  }

  /* The other half of ui/cartography.py's packed(): steps in ten-thousandths of a degree. */
  function unpacked(feature, section, options) {
    const parts = feature.d.map((rings) => rings.map((steps) => {
      let [x, y] = steps;
      const points = [[y / 1e4, x / 1e4]];
      for (let i = 2; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        points.push([y / 1e4, x / 1e4]);
      }
      return points;
    }));
    return section.pane === "line" ? L.polyline(parts.flat(), options)
      : L.polygon(parts, options);
  }

  function badge(at, html, css, pane, size, extra) {
    const icon = L.divIcon({ html, className: css, iconSize: size });
    return L.marker(at, { icon, pane, keyboard: false, bubblingMouseEvents: true, ...extra });
  }

  function points(section) {
    const group = L.featureGroup();
    for (const feature of section.features) {
      const symbol = `<i style="--c:${section.style.colour}">${section.glyph}</i>`;
      const mark = badge(feature.at, symbol, "lm-point", "point", [16, 16]);
      tip(mark, feature.tip, { offset: [8, 0] });
      group.addLayer(mark);
    }
    return group;
  }

  function names(section) {
    const group = L.featureGroup();
    for (const feature of section.features) {
      group.addLayer(badge(feature.at, `<span>${feature.text}</span>`,
        `lm-name ${section.css}`, "place", [0, 0], { interactive: false }));
    }
    return group;
  }

  function candidates(section) {
    const group = L.featureGroup();
    const shape = pathOptions("candidate", { css: "lm-candidate", weight: 1.4, fill: 0.5 });
    for (const one of section.features) {
      const flags = `${one.flagged ? " lm-flagged" : ""}`;
      const part = L.geoJSON(one.g, { pane: "candidate", bubblingMouseEvents: true,
        style: () => ({ ...shape, className: `lm-candidate${flags}` }) });
      tip(part, one.tip, { sticky: true });
      group.addLayer(part);
      const mark = one.rank ? badge(one.at, String(one.rank), `lm-rank${flags}`, "rank",
        [22, 22], { zIndexOffset: 1000 - one.rank * 10, riseOnHover: true })
        : L.circleMarker(one.at, { pane: "dot", renderer: renderers.dot, radius: 4.5,
          weight: 1.2, className: `lm-dot${flags}`, bubblingMouseEvents: true });
      tip(mark, one.tip, { offset: one.rank ? [10, 0] : [6, 0] });
      group.addLayer(mark);
    }
    return group;
  }

  function chosen(section) {
    const group = L.featureGroup();
    for (const one of section.features) {
      for (const css of ["lm-halo", "lm-chosen"]) {
        const part = L.geoJSON(one.g, { pane: "chosen", style: () => ({
          ...pathOptions("chosen", { weight: css === "lm-halo" ? 7 : 3, fill: 0 }),
          className: css, fill: false }) });
        group.addLayer(part);
      }
      group.addLayer(badge(one.at, "", `lm-pin ${one.css || ""}`, "dot", [30, 30],
        { interactive: false }));
    }
    return group;
  }

  /* Badges that would cover each other are pushed apart on the screen, each no farther
     than it must; their place on the map, which a click tells, stays what it is. */
  const APART = 23;
  function spread() {
    const marks = [];
    for (const { layer } of Object.values(drawn)) {
      if (layer.eachLayer) layer.eachLayer((one) => {
        if (one.options.pane === "rank" && one._icon) marks.push(one);
      });
    }
    const home = marks.map((one) => map.latLngToLayerPoint(one.getLatLng()));
    const at = home.map((p, i) => ({ x: p.x + Math.cos(i * 2.4), y: p.y + Math.sin(i * 2.4) }));
    for (let round = 0; round < 60; round++) {
      let moved = false;
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
      if (!moved) break;
    }
    marks.forEach((one, i) => {
      one._icon.style.marginLeft = `${Math.round(at[i].x - home[i].x) - 11}px`;
      one._icon.style.marginTop = `${Math.round(at[i].y - home[i].y) - 11}px`;
    });
  }

  const KINDS = { shapes, points, names, candidates, chosen };

  function remove(name) {
    if (drawn[name]) map.removeLayer(drawn[name].layer);
    delete drawn[name];
  }

  function section(name, what) {
    if (drawn[name] && drawn[name].digest === what.digest) return;
    remove(name);
    const layer = KINDS[what.kind](what);
    layer.addTo(map);
    drawn[name] = { digest: what.digest, layer };
  }

  function look(to) {
    if (!to || to.nonce === focus) return;
    const first = focus === null && to.gentle;
    focus = memory.focus = to.nonce;
    if (first) return;
    const box = L.latLngBounds(to.box);
    if (to.keep && map.getZoom() >= NEAR_ZOOM && map.getBounds().contains(box)) return;
    fit(box, to.max_zoom);
  }

  /* The frame gets its size in steps while the page is laid out: fit until it rests. */
  function fit(box, maxZoom) {
    wanted = { box, maxZoom, until: Date.now() + 1500 };
    settle();
  }

  function settle() {
    if (!wanted) return;
    map.invalidateSize({ animate: false, pan: false });
    if (map.getSize().y >= 50) {
      map.fitBounds(wanted.box, { padding: [16, 16], maxZoom: wanted.maxZoom, animate: false });
    }
    if (Date.now() > wanted.until) wanted = null;
    else setTimeout(settle, 100);
  }

  function remember() {
    if (link === null) return;
    const centre = map.getCenter();
    memory.view = { at: [centre.lat, centre.lng], zoom: map.getZoom() };
    const view = [centre.lat.toFixed(5), centre.lng.toFixed(5), +map.getZoom().toFixed(1)].join(",");
    const page = window.parent;
    const query = `?${link}${link ? "&" : ""}view=${view}`;
    if (page.location.search !== query) {
      page.history.replaceState(page.history.state, "", page.location.pathname + query);
    }
  }

  function draw(message) {
    theme();
    const wanted = new Set(Object.keys(message.sections).map((name) => `v:${name}`));
    for (const name of Object.keys(drawn)) {
      if (name.startsWith("v:") && !wanted.has(name)) remove(name);
    }
    for (const [name, what] of Object.entries(message.sections)) section(`v:${name}`, what);
    spread();
    look(message.focus);
    link = message.link;
    remember();
    window.feature_group = [];   // the component only ever appends to it
  }

  function base(sections, sources, view) {
    theme();
    if (memory.view) map.setView(memory.view.at, memory.view.zoom, { animate: false });
    else if (view.at) map.setView(view.at, view.zoom, { animate: false });
    else fit(L.latLngBounds(view.box), 18);
    for (const [name, what] of Object.entries(sections)) section(`base:${name}`, what);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    const credit = L.control.attribution({ prefix: false, position: "bottomright" });
    credit.addTo(map);
    sources.forEach((source) => credit.addAttribution(source));
  }

  map.on("mousedown", () => { wanted = null; });
  map.getContainer().addEventListener("wheel", () => { wanted = null; }, { passive: true });
  map.on("moveend", remember);
  map.on("zoomend", distance);
  map.on("zoomend", spread);
  distance();
  return { draw, base };
};
