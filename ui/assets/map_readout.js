/* Around the map: scale, coordinates, credits and the small map of the whole. */
(function () {
  "use strict";
  const { ask } = L.landPage;
  L.landReadout = function (map, page) {
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    const credit = L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
    let credits = [];
    const box = L.DomUtil.create("div", "lm-coordinates");
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => box;
    control.addTo(map);
    let timer = 0, turn = 0;

    const degrees = (at) => `${at.lng.toFixed(6)}°E ${at.lat.toFixed(6)}°N`;
    map.on("mousemove", (event) => {
      box.textContent = degrees(event.latlng);
      clearTimeout(timer);
      timer = setTimeout(() => metres(event.latlng), 220);
    });
    async function metres(at) {
      const mine = ++turn;
      const query = new URLSearchParams({ lng: at.lng.toFixed(9), lat: at.lat.toFixed(9), lang: page.told().lang });
      const { ok, found } = await ask(`${page.told().routes}/coordinates?${query}`);
      if (ok && mine === turn) box.textContent = `${degrees(at)} · ${found.text}`;
    }

    /* The whole at a glance, from the same tiles. */
    const frame = L.DomUtil.create("div", "lm-mini");
    const mini = L.control({ position: "bottomleft" });
    mini.onAdd = () => frame;
    mini.addTo(map);
    let small = null, seen = null;
    function overview(message) {
      if (!small) {
        small = L.map(frame, { zoomControl: false, attributionControl: false, dragging: false, keyboard: false,
          scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false, touchZoom: false, zoomSnap: 0 });
        small.fitBounds(page.base.box, { animate: false, padding: [2, 2] });
        small.ground = new L.LandTiles({ pane: "tilePane", maxZoom: 20 }).addTo(small);
        seen = L.rectangle(map.getBounds(), { color: "#0f6e8c", weight: 1.5, fillOpacity: 0.08, interactive: false, pmIgnore: true }).addTo(small);
        small.on("click", (event) => map.panTo(event.latlng));
        map.on("moveend", () => seen.setBounds(map.getBounds()));
      }
      small.ground.show(message.layers.filter((spec) => spec.mini));
    }

    return {
      draw(message) {
        frame.setAttribute("role", "group");
        frame.setAttribute("aria-label", message.words.overview);
        overview(message);
      },
      /* Whom the layers that are on ask to be named. */
      credit(message) {
        const now = message.credits.concat(message.layers.filter((spec) => spec.attribution && page.isOn(spec))
          .map((spec) => spec.attribution));
        if (now.join() === credits.join()) return;
        for (const one of credits) credit.removeAttribution(one);
        for (const one of now) credit.addAttribution(one);
        credits = now;
      },
      repaint() { if (small) small.ground.redrawAll(); },
    };
  };
})();
